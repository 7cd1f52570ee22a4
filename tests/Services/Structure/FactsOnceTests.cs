using System.Reflection;
using System.Text.RegularExpressions;
using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Gateway.Clients;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Structure;

/// <summary>A number, a word and a shape of the product stand in services/Contracts, and nowhere a second time.</summary>
public partial class FactsOnceTests
{
    static readonly string[] Production = ["services", "ServiceDefaults", "gateway", "reference", "AppHost"];

    [Fact]
    public void How_long_a_session_lasts_is_said_once()
    {
        Assert.Equal(["services/Contracts/PortalSessions.cs"], Having(new Regex(@"FromHours\(12\)|FromMinutes\(720\)")));
        // Has run everywhere, and may not be edited (PortalSessions).
        Assert.Equal(["services/Audit/Migrations/002_append_only.sql"], Having(new Regex("interval '12 hours'"), ".sql"));
    }

    [Fact]
    public void How_a_personal_token_looks_and_is_exchanged_is_said_once()
    {
        Assert.Equal(["services/Contracts/PersonalTokenGrant.cs"], Having(new Regex("\"" + Regex.Escape(PersonalTokenGrant.SecretPrefix))));
        Assert.Equal(["services/Contracts/PersonalTokenGrant.cs"], Having(new Regex(Regex.Escape(PersonalTokenGrant.Type))));
        // The table has that name, too.
        Assert.Equal(["services/Contracts/PersonalTokenGrant.cs", "services/Identity/IdentityDb.cs"],
            Having(new Regex($"\"{PersonalTokenGrant.Parameter}\"")));
    }

    [Fact]
    public void An_action_of_the_Audit_Log_is_named_by_the_list_alone()
    {
        var keys = AuditActions.All.Where(action => action.Key.Contains('.')).Select(action => Regex.Escape(action.Key));

        Assert.Equal(["services/Contracts/AuditActions.cs"], Having(new Regex($"\"({string.Join('|', keys)})\"")));
        Assert.Equal(AuditActions.All.Count, AuditActions.All.Select(action => action.Key).Distinct().Count());
    }

    [Fact]
    public void Every_action_of_the_list_is_recorded_somewhere()
    {
        var services = string.Concat(Repository.Files("services", ".cs").Concat(Repository.Files("ServiceDefaults", ".cs"))
            .Select(File.ReadAllText));

        Assert.NotEmpty(AuditActions.All);
        Assert.All(typeof(AuditActions).GetFields().Where(field => field.FieldType == typeof(AuditAction)),
            field => Assert.Contains($"AuditActions.{field.Name}", services));
    }

    [Theory]
    [InlineData("account.entered", "Account entered"), InlineData("signed-in", "Signed in")]
    [InlineData("inside.viewed-family", "Viewed family"), InlineData("account.opened", "Account opened"), InlineData("", "")]
    public void An_action_has_words_even_if_the_list_does_not_know_it(string key, string words) =>
        Assert.Equal(words, AuditActions.InWords(key));

    [Fact]
    public void The_services_are_those_of_their_folder_and_are_named_once()
    {
        var folders = Directory.GetDirectories(Path.Combine(Repository.Root, "services")).Select(folder => Path.GetFileName(folder)!);
        Assert.Equal(folders.Except(["Contracts"]).Select(name => name.ToLowerInvariant()).Order(), PortalServices.All.Order());

        // A service's own Program and its database say its name, too: those are read where they stand.
        string[] lists = ["AppHost/Program.cs", "gateway/Routes.cs", "gateway/Docs.cs", "gateway/Clients/ServiceClients.cs",
            "services/Identity/Admission.cs", "services/Identity/RegisterClients.cs", "services/Identity/PersonalTokens/CreateToken.cs"];
        var name = new Regex($"\"({string.Join('|', PortalServices.All)})\"");
        Assert.All(lists, file => Assert.DoesNotMatch(name, File.ReadAllText(Path.Combine(Repository.Root, file))));
    }

    [Fact]
    public void What_an_account_asks_permission_for_is_in_the_catalogue()
    {
        var kinds = PermissionCatalogue.ById.Keys.Select(id => id.Split('.')[0]).Distinct();
        var id = new Regex($"\"((?:{string.Join('|', kinds)})\\.[a-z0-9-]+)\"");
        var asked = Repository.Files("reference/OfficePortal", ".cs", ".razor")
            .SelectMany(file => id.Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value).Distinct().ToArray();

        Assert.True(asked.Length > 20);
        Assert.All(asked, permission => Assert.Contains(permission, PermissionCatalogue.ById.Keys));
    }

    /// <summary>So that a property which a service renames fails the compiler of the pages.</summary>
    [Fact]
    public void The_pages_read_answers_as_the_records_that_the_services_write()
    {
        var clients = typeof(ServiceClient).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(ServiceClient))).ToArray();
        var answers = clients.SelectMany(client =>
            client.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .SelectMany(method => Leaves(method.ReturnType)).Distinct().ToArray();

        Assert.True(answers.Length > 20);
        Assert.All(answers, answer => Assert.True(answer.Assembly == typeof(AccountItem).Assembly || answer == typeof(Done), $"{answer}"));
    }

    [Fact]
    public void A_record_of_Contracts_is_declared_nowhere_else()
    {
        var names = string.Join('|', typeof(AccountItem).Assembly.GetExportedTypes()
            .Where(type => type.Namespace == typeof(AccountItem).Namespace && type is { IsNested: false, IsAbstract: false })
            .Select(type => type.Name));
        var declared = new Regex($@"\brecord (?:struct )?(?:{names})\(");

        // An account system is outside, and has records of its own.
        Assert.All(Having(declared).Where(file => !file.StartsWith("reference/", StringComparison.Ordinal)),
            file => Assert.StartsWith("services/Contracts/Http/", file));
    }

    /// <summary><see cref="GroupName"/> of <c>Task&lt;Answer&lt;IReadOnlyList&lt;GroupName>>></c>.</summary>
    static IEnumerable<Type> Leaves(Type type) => type.IsGenericType ? type.GetGenericArguments().SelectMany(Leaves) : [type];

    /// <returns>The files with such a line of code.</returns>
    static IEnumerable<string> Having(Regex text, params string[] endings) =>
        from file in Production.SelectMany(folder => Repository.Files(folder, endings is [] ? [".cs", ".razor"] : endings))
        where File.ReadLines(file).Any(line => !Comment().IsMatch(line) && text.IsMatch(line))
        let path = Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')
        orderby path
        select path;

    [GeneratedRegex(@"^\s*//")]
    private static partial Regex Comment();
}
