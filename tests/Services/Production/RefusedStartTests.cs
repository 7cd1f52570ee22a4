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
        ["reports"] = Start<ReportsDb>, ["search"] = Start<AskAccounts>, ["sync"] = Start<ReadDueAccounts>
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
    public void Signing_in_as_anybody_is_possible_on_a_development_machine_only(string environment) =>
        Assert.Contains("development machines", Start<People>(environment, Good)?.Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("sync", "Sync:Parallel", "0", "between 1 and 64")]
    [InlineData("sync", "Sync:Deadline", "soon", "TimeSpan")]
    [InlineData("sync", "Sync:NightTo", "01:00", "shorter than a minute")]
    [InlineData("sync", "Portal:Client", "", "required")]
    [InlineData("search", "Portal:ClientSecret", "", "required")]
    [InlineData("gateway", "Portal:ClientSecret", "", "required")]
    [InlineData("gateway", "RateLimits:pages", "-1", "below 0")]
    [InlineData("gateway", "ForwardedHeaders:KnownProxies", "10.1.0.0/16, proxy", "proxy is neither")]
    [InlineData("reports", "Portal:Url", "", "required")]
    [InlineData("permissions", "Portal:Url", "the portal", "URL")]
    [InlineData("accounts", "Metrics:Every", "00:00:00", "between 00:00:00.1")]
    [InlineData("audit", "Audit:SigningKey", "too short", "32")]
    [InlineData("audit", "Audit:RetentionMonths", "12", "between 24")]
    [InlineData("identity", "SignIn:ConfirmEvery", "-00:00:01", "between 00:00:01")]
    [InlineData("identity", "Mail:Port", "0", "between 1 and 65535")]
    [InlineData("identity", "Mail:From", "nobody in particular", "not a mail address")]
    [InlineData("officeportal", "Demo:Accounts", "-1", "between 0 and 1000")]
    public void A_setting_that_cannot_be_used_refuses_the_start_and_the_message_says_which_and_why(
        string service, string setting, string value, string why) =>
        Assert.Contains(why, Refused(service, "Development", setting, value), StringComparison.Ordinal);

    static string Refused(string service, string environment, string setting, string value)
    {
        var settings = new Dictionary<string, string>(Good) { [$"ConnectionStrings:{service}"] = NoDatabase, [setting] = value };

        var message = Services[service](environment, settings)?.Message;
        Assert.Contains(setting, message, StringComparison.Ordinal);
        return message!;
    }

    // A host that refuses is gone at once, sometimes before the factory has asked it for its first service: then the reason is lost.
    static Exception? Start<T>(string environment, Dictionary<string, string> settings) where T : class =>
        Enumerable.Range(0, 5).Select(_ => StartOnce<T>(environment, settings)).FirstOrDefault(why => why is not ObjectDisposedException);

    static Exception? StartOnce<T>(string environment, Dictionary<string, string> settings) where T : class
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
