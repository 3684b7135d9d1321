using FnLb.Host.CommandLine;
using NUnit.Framework;

namespace FnLb.Tests.Host.CommandLine;

public sealed class StoreLocationTests
{
    private const string Secret = "s3cret";

    [TestCase("postgres://fn:s3cret@db:5433/lb?sslmode=disable", "postgres://db:5433/lb", DatabaseTls.Off)]
    [TestCase("postgres://fn:s3cret@db/lb", "postgres://db:5432/lb", DatabaseTls.Required)]
    [TestCase("postgresql://fn:s3cret@[::1]:5433/lb?sslmode=verify-full", "postgres://[::1]:5433/lb",
        DatabaseTls.VerifiedName)]
    [TestCase("postgres://fn:s3cret@db/lb?sslrootcert=/ca.pem&sslmode=require", "postgres://db:5432/lb",
        DatabaseTls.VerifiedAuthority)]
    [TestCase("postgres:///lb?host=/run/postgresql&user=fn&password=s3cret&sslmode=disable",
        "postgres:///run/postgresql/lb", DatabaseTls.Off)]
    [TestCase("postgres:///lb?host=/run/postgresql&user=fn&password=s3cret", "postgres:///run/postgresql/lb",
        DatabaseTls.Off)]
    [TestCase("mysql://fn:s3cret@tcp(db:3307)/lb", "mysql://db:3307/lb", DatabaseTls.Off)]
    [TestCase("mysql://fn:s3cret@tcp(db)/lb?parseTime=true&tls=skip-verify", "mysql://db:3306/lb",
        DatabaseTls.Required)]
    [TestCase("mysql://fn:s3cret@tcp([::1]:3307)/lb?tls=true", "mysql://[::1]:3307/lb", DatabaseTls.VerifiedName)]
    [TestCase("mysql://fn:s3cret@unix(/run/mysqld.sock)/lb", "mysql:///run/mysqld.sock/lb", DatabaseTls.Off)]
    [TestCase("mysql://fn:s3cret@db:3307/lb?tls=preferred", "mysql://db:3307/lb", DatabaseTls.Preferred)]
    public void Forms_of_a_URL_are_those_of_the_original_s_drivers(string url, string shown, object tls)
    {
        DatabaseLocation location = Database(url);

        Assert.That((location.User, location.Password, location.Tls), Is.EqualTo(("fn", Secret, tls)));
        Assert.That(location.ToString(), Is.EqualTo(shown));
    }

    [TestCase("postgres://a%40b:p%40s%2Fs@db/lb", "a@b", "p@s/s")]
    [TestCase("mysql://fn:p%40s@db/lb", "fn", "p@s")]
    [TestCase("mysql://fn:p@s/s:%41?x@tcp(db:3306)/lb", "fn", "p@s/s:%41?x")]
    public void User_and_password_may_hold_any_character(string url, string user, string password)
    {
        DatabaseLocation location = Database(url);

        Assert.That((location.User, location.Password, location.Host), Is.EqualTo((user, password, "db")));
    }

    [TestCase("postgres://db/lb", "must name a user")]
    [TestCase("postgres://fn:s3cret@db:0/lb", "a port from 1 to 65535")]
    [TestCase("postgres://fn:s3cret/lb", "must have a host")]
    [TestCase("postgres://fn:s3cret", "must have a host")]
    [TestCase("postgres://fn:s3cret@db/lb?sslmode=s3cret", "must have sslmode disable")]
    [TestCase("postgres://fn:x@db/lb?pasword=s3cret", "must not have the setting \"pasword\"")]
    [TestCase("postgres://fn:s3cret@db/lb?connect_timeout=soon", "connect_timeout as a number")]
    [TestCase("mysql://fn:s3cret@tcp(db:3306", "must go on with )/DATABASE")]
    [TestCase("mysql://fn:s3cret@tcp(db:3306)/", "must name a user and a database")]
    [TestCase("mysql://fn:s3cret@tcp(db:x)/lb", "a port from 1 to 65535")]
    [TestCase("mysql://fn:s3cret@unix(mysqld.sock)/lb", "must have the path of a socket")]
    [TestCase("mysql://fn:s3cret@db/lb?tls=custom", "must have tls true")]
    [TestCase("mysql://fn:s3c@ret@db/lb?time_zone=1", "must not have the setting \"time_zone\"")]
    [TestCase("mysql://fn:s3cret", "must have a host")]
    [TestCase("redis://fn:s3cret@db", "must be sqlite3://PATH")]
    [TestCase("fn:s3cret@tcp(db)/lb", "must be sqlite3://PATH")]
    [TestCase("host=db password=s3cret", "must be sqlite3://PATH")]
    [TestCase("postgres://fn:x@db/lb?password=s3c@ret&sslmode=x", "must have sslmode disable")]
    [TestCase("postgres://fn:12?s3c=ret@db/lb", "must not have the setting that is there")]
    [TestCase("postgres://fn:12?s3cret@db/lb", "must have no @ behind the host")]
    [TestCase("postgres://fn:s3c/ret@db/lb", "must have no @ behind the host")]
    [TestCase("mysql://fn:s3@cr/s3cret@db/lb", "must have no @ behind the host")]
    [TestCase("mysql://fn:s3cret@tcp(db)/l@b", "must have no @ behind the host")]
    [TestCase("postgres://fn:s3cret@db/lb?connect_timeout=1025", "seconds up to 1024")]
    [TestCase("mysql://fn:s3cret@db/lb?timeout=1h", "up to 1024s")]
    public void What_is_wrong_is_told_without_the_password(string url, string error)
    {
        ParsedOptions parsed = OptionParser.Parse([$"-db={url}"], _ => null);

        Assert.That(parsed.Errors.Single(), Does.Contain(error));
        Assert.That(parsed.Errors.Single(), Does.Not.Contain("s3c").And.Not.Contain("ret@"));
    }

    private static DatabaseLocation Database(string url)
    {
        Assert.That(StoreLocation.Parse(url, out StoreLocation location), Is.Null);
        return (DatabaseLocation)location;
    }
}
