using EnterprisePortal.Accounts;
using EnterprisePortal.Audit;
using EnterprisePortal.DevSignIn;
using EnterprisePortal.Gateway.Session;
using EnterprisePortal.Identity;
using EnterprisePortal.OfficePortal.AccountApi;
using EnterprisePortal.Permissions;
using EnterprisePortal.Reports;
using EnterprisePortal.Search.PhoneSearch;
using EnterprisePortal.Sync;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace EnterprisePortal.Tests.Production;

/// <summary>What would run, and would not be safe, does not start and says which setting.</summary>
public class RefusedStartTests
{
    const string Key = "a key that only the tests know, and no database", NoDatabase = "Host=nowhere.invalid";

    static readonly Dictionary<string, string> Good = new()
    {
        ["Portal:Url"] = "https://portal.example/", ["Office:Url"] = "https://office.example", ["DataProtection:Key"] = Key,
        ["Portal:Client"] = "x", ["Portal:ClientSecret"] = "x", ["Audit:SigningKey"] = Key,
        ["SignIn:Google:Authority"] = "https://accounts.google.com", ["ConnectionStrings:messaging"] = "amqp://nowhere.invalid"
    };

    public static TheoryData<string> Everything => [.. Services.Keys];

    public static TheoryData<string> Keepers => ["identity", "gateway", "officeportal", "reports"];

    static readonly Dictionary<string, Func<string, Dictionary<string, string>, Exception?>> Services = new()
    {
        ["accounts"] = Start<AccountsDb>, ["audit"] = Start<RecordActivity>, ["identity"] = Start<IdentityDb>,
        ["gateway"] = Start<EndRevokedSessions>, ["officeportal"] = Start<Opens>, ["permissions"] = Start<PermissionsDb>,
        ["reports"] = Start<ReportsDb>, ["search"] = Start<AskAccounts>, ["sync"] = Start<RunNightly>
    };

    [Theory, MemberData(nameof(Everything))]
    public void A_portal_whose_address_is_plain_http_does_not_start(string service) =>
        Refused(service, "Production", "Portal:Url", "http://portal.example/");

    [Theory, MemberData(nameof(Keepers))]
    public void Who_keeps_protected_data_does_not_start_without_a_secret_for_it(string service) =>
        Refused(service, "Production", "DataProtection:Key", "");

    [Theory]
    [InlineData("identity", "SignIn:Google:Authority"), InlineData("officeportal", "Office:Url")]
    public void Nobody_signs_in_over_plain_http(string service, string setting) =>
        Refused(service, "Staging", setting, "http://somewhere.example/");

    [Theory]
    [InlineData("Production"), InlineData("Staging"), InlineData("Test")]
    public void Whoever_signs_in_as_anybody_does_so_on_a_development_machine_only(string environment) =>
        Assert.Contains("development machines", Start<People>(environment, Good)?.Message, StringComparison.Ordinal);

    static void Refused(string service, string environment, string setting, string value)
    {
        var settings = new Dictionary<string, string>(Good) { [$"ConnectionStrings:{service}"] = NoDatabase, [setting] = value };

        Assert.Contains(setting, Services[service](environment, settings)?.Message, StringComparison.Ordinal);
    }

    static Exception? Start<T>(string environment, Dictionary<string, string> settings) where T : class
    {
        using var service = new WebApplicationFactory<T>().WithWebHostBuilder(builder =>
        {
            builder.UseEnvironment(environment);
            foreach (var (name, value) in settings)
                builder.UseSetting(name, value);
        });
        return Record.Exception(() => service.Services);
    }
}
