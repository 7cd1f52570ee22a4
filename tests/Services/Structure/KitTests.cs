namespace EnterprisePortal.Tests.Structure;

/// <summary>The mechanics that ServiceDefaults has once are not written anew beside it.</summary>
public class KitTests
{
    [Theory]
    // The bus starts or the process ends: that is not a loop.
    [InlineData(": BackgroundService", "BackgroundLoop.cs", "StartBusInTurn.cs")]
    [InlineData("did not answer in time.\"", "AccountCall.cs")]
    [InlineData("The account did not answer.\"", "AccountCall.cs")]
    [InlineData("pg_advisory_lock", "AdvisoryLock.cs")]
    [InlineData("pg_try_advisory_lock", "AdvisoryLock.cs")]
    [InlineData("BindConfiguration(", "Settings.cs")]
    [InlineData("\"Portal:ClientSecret\"")]
    public void A_mechanism_has_one_home(string words, params string[] homes) =>
        Assert.Equal(homes.Order(StringComparer.Ordinal), Sources()
            .Where(file => File.ReadAllText(file).Contains(words, StringComparison.Ordinal))
            .Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));

    static IEnumerable<string> Sources() => ((string[])["services", "reference", "gateway", "ServiceDefaults"])
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(SeamTests.Root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));
}
