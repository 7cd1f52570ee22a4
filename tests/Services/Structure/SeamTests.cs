using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using EnterprisePortal.Tests.Support;
using MassTransit;

namespace EnterprisePortal.Tests.Structure;

/// <summary>What keeps the services apart, and the doors locked.</summary>
public partial class SeamTests
{
    internal static readonly string Root = Repository.Root;
    static readonly string[] Seams = ["ServiceDefaults", "Contracts"],
        Ours = ["services", "reference", "gateway", "ServiceDefaults", "AppHost", "tests"];
    static readonly string[] Services =
        [.. Directory.GetDirectories(Path.Combine(Root, "services")).Select(folder => Path.GetFileName(folder))
            .Where(name => name != "Contracts")];

    [Fact]
    public void Services_never_reference_each_other()
    {
        foreach (var project in Services.Select(name => Path.Combine("services", name))
            .Concat([Path.Combine("reference", "OfficePortal"), Path.Combine("reference", "DevSignIn"), "gateway"])
            .Select(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.csproj").Single()))
            Assert.All(References(project), reference =>
                Assert.True(Seams.Contains(reference), $"{Path.GetFileName(project)} references {reference}"));
    }

    [Fact]
    public void Contracts_depend_on_nothing() =>
        Assert.Empty(References(Path.Combine(Root, "services", "Contracts", "Contracts.csproj")));

    [Fact]
    public void An_account_system_is_outside_and_never_touches_the_broker() =>
        Assert.DoesNotContain("AddMessaging", string.Concat(Sources("reference/OfficePortal").Select(File.ReadAllText)),
            StringComparison.Ordinal);

    [Fact]
    public void Every_message_that_is_consumed_is_declared_in_Contracts()
    {
        var consumed = Services.Append("Gateway").Append("ServiceDefaults").Select(name => Assembly.Load(name))
            .SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetInterfaces())
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IConsumer<>))
            .Select(type => type.GetGenericArguments()[0])
            .Select(message => message.IsGenericType ? message.GetGenericArguments()[0] : message).ToHashSet();

        Assert.NotEmpty(consumed);
        Assert.All(consumed, message => Assert.True(Support.Bus.IsMessage(message), $"{message} is not declared in services/Contracts"));
    }

    [Fact]
    public void A_messages_name_is_declared_once()
    {
        var declared = Directory.EnumerateFiles(Path.Combine(Root, "services", "Contracts"), "*.cs")
            .SelectMany(file => Record().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value);

        Assert.Empty(declared.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    [GeneratedRegex(@"^public record (\w+)", RegexOptions.Multiline)]
    private static partial Regex Record();

    [Fact]
    public void Every_route_of_the_gateway_names_who_may_use_it_and_how_often()
    {
        var policies = Constants(typeof(EnterprisePortal.Gateway.Security.Access));
        var limits = Constants(typeof(EnterprisePortal.Gateway.Security.RateLimits));

        Assert.NotEmpty(EnterprisePortal.Gateway.Routes.All);
        Assert.All(EnterprisePortal.Gateway.Routes.All, route => Assert.Contains(route.Access, policies));
        Assert.All(EnterprisePortal.Gateway.Routes.All, route => Assert.Contains(route.Limit, limits));
    }

    [Fact]
    public void Nothing_is_left_for_later()
    {
        var files = Ours.SelectMany(Sources).Where(file => !file.EndsWith("SeamTests.cs", StringComparison.Ordinal));

        Assert.Empty(files.Where(file => Later().IsMatch(File.ReadAllText(file))).Select(file => Path.GetRelativePath(Root, file)));
    }

    [GeneratedRegex(@"NotImplementedException|\b(TODO|FIXME|HACK|XXX)\b|lorem ipsum|coming soon|placeholder implementation",
        RegexOptions.IgnoreCase)]
    private static partial Regex Later();

    static IEnumerable<string> References(string project) =>
        XDocument.Load(project).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

    static IEnumerable<string> Sources(string folder) => Repository.Files(folder, ".cs", ".razor", ".js", ".sql");

    static IReadOnlyList<string> Constants(Type type) =>
        [.. type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!)];
}
