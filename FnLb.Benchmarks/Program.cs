Console.WriteLine("fnlb-bench");
