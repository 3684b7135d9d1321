Console.WriteLine("fnlb");
