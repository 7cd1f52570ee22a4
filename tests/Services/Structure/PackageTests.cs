using System.Text.Json.Nodes;
using System.Xml.Linq;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Structure;

/// <summary>Versions stand in Directory.Packages.props; what they lead to, in each project's packages.lock.json.</summary>
public sealed class PackageTests
{
    static readonly IReadOnlyDictionary<string, string> Versions = XDocument.Load(Repository.Path("Directory.Packages.props"))
        .Descendants("PackageVersion")
        .ToDictionary(package => (string)package.Attribute("Include")!, package => (string)package.Attribute("Version")!);

    static readonly string[] Projects = [.. Repository.All.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal))];

    static string LockFile(string project) => Repository.Path(Path.GetDirectoryName(project)!, "packages.lock.json");

    static IEnumerable<(string Package, string Resolved)> Locked(string project) =>
        from framework in JsonNode.Parse(File.ReadAllText(LockFile(project)))!["dependencies"]!.AsObject()
        from package in framework.Value!.AsObject()
        where package.Value!["resolved"] is not null
        select (package.Key, $"{package.Value["resolved"]}");

    [Fact]
    public void Every_project_locks_the_versions_that_are_decided() => Assert.Empty(
        from project in Projects
        from locked in Locked(project)
        where Versions.TryGetValue(locked.Package, out var decided) && decided != locked.Resolved
        select $"{project}: {locked.Package} {locked.Resolved}");

    [Fact]
    public void Every_version_that_is_decided_is_used()
    {
        var used = Projects.SelectMany(Locked).Select(locked => locked.Package).ToHashSet(StringComparer.OrdinalIgnoreCase);

        Assert.All(Versions.Keys, package => Assert.Contains(package, used));
    }

    [Fact]
    public void No_lock_file_says_where_its_packages_came_from() =>
        Assert.All(Projects, project => Assert.DoesNotContain("://", File.ReadAllText(LockFile(project)), StringComparison.Ordinal));
}
