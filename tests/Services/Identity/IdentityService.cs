using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Identity;
using EnterprisePortal.DevSignIn;
using EnterprisePortal.Identity;
using EnterprisePortal.ServiceDefaults.SignIn;
using EnterprisePortal.Tests.Support;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace EnterprisePortal.Tests.Identity;

/// <summary>Identity with Google's and Microsoft's stand-in, the demo world's people invited, and accounts with keys of their
/// own.</summary>
public class IdentityService(Servers servers) : Service<IdentityDb>(servers)
{
    public const string Portal = "http://localhost:8080/", Tenant = "7c1d5f0e-5b1a-4c7e-9a55-0d5a5e3b1c01";
    const string ProviderSecret = "a-secret-of-the-providers";

    public string MailFolder { get; } = Directory.CreateTempSubdirectory("portal-mail-").FullName;

    protected virtual string ConfirmEvery => "01:00:00";

    /// <summary>How Google and Microsoft answer Identity itself; null: as their stand-in does.</summary>
    public Func<HttpResponseMessage>? ProvidersAnswer { get; set; }

    readonly WebApplicationFactory<People> providers = new Providers();
    public ECDsaSecurityKey AccountKey { get; } = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "an-account" };

    sealed class Providers : WebApplicationFactory<People>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder) =>
            builder.UseSetting("DevSignIn:ClientSecret", ProviderSecret).UseSetting("Portal:Url", Portal);
    }

    public override async ValueTask InitializeAsync()
    {
        foreach (var (provider, authority) in new[]
            { ("Google", "http://providers/google"), ("Microsoft", "http://providers/microsoft/organizations/v2.0") })
        {
            Settings[$"SignIn:{provider}:Authority"] = authority;
            Settings[$"SignIn:{provider}:ClientId"] = "enterprise-portal";
            Settings[$"SignIn:{provider}:ClientSecret"] = ProviderSecret;
        }
        Settings["SignIn:ConfirmEvery"] = ConfirmEvery;
        Settings["Mail:Folder"] = MailFolder;
        Settings["Clients:gateway"] = "the-gateway";
        foreach (var service in new[] { "accounts", "search", "sync", "reports", "permissions", "audit" })
            Settings[$"Clients:{service}"] = $"the-{service}";
        // Accounts take a logout at any time; a test that looks at it gives an answer of its own.
        Outbound.Answer("office.example", _ => new(HttpStatusCode.OK));
        await base.InitializeAsync();
        await Given(BlueDolphin, Demo.TumbleTime with { Accounts = WithKeys(Demo.TumbleTime) });
        await Invited(Demo.BlueDolphinId,
            Demo.RootAdmin, Demo.RootUser, Demo.EastAdmin with { Name = "microsoft" }, Demo.EastUser, Demo.WestUser);
        await Until(db => db.AccountClients.CountAsync(), count => count == 12);
    }

    protected override void Replace(IServiceCollection services)
    {
        foreach (var provider in new[] { "google", "microsoft" })
            services.Configure<OpenIdConnectOptions>(provider, options => options.BackchannelHttpHandler = new Backchannel(this)
                { InnerHandler = providers.Server.CreateHandler() });
    }

    sealed class Backchannel(IdentityService identity) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            identity.ProvidersAnswer?.Invoke() ?? await base.SendAsync(request, cancellationToken);
    }

    public DirectoryChanged BlueDolphin => Demo.BlueDolphin with { Accounts = WithKeys(Demo.BlueDolphin) };

    /// <summary>Invited to come with Google, but for those whose name says otherwise.</summary>
    public async Task Invited(Guid enterprise, params Person[] people)
    {
        await Bus.Publish(new EnterpriseImported(enterprise, "Blue Dolphin", [Tenant],
            [.. people.Select(person => new FirstUser(
                person.Email, person.Name, person.Level, person.GroupId, person.Name == "microsoft" ? "microsoft" : "google"))]));
        foreach (var person in people)
            await Published<UserChanged>(user => user.Email == person.Email && user.GroupId == person.GroupId);
    }

    /// <summary>Somebody who is needed for one test, invited to the root group.</summary>
    public async Task<Person> Somebody(string name, string level = Person.User, Guid? group = null)
    {
        var person = Demo.RootUser with
            { Email = $"{name}@bluedolphin.example", Name = name, Level = level, GroupId = group ?? Demo.BlueDolphinId };
        await Invited(Demo.BlueDolphinId, person);
        return person with { Id = await UserId(person.Email) };
    }

    /// <summary>Invited by both enterprises, to come with Google.</summary>
    public async Task<(Person Dolphin, Person Tumble)> OfBoth(string name)
    {
        var dolphin = Demo.RootUser with { Email = $"{name}@partners.example", Name = name };
        var tumble = dolphin with { GroupId = Demo.TumbleTimeId };
        await Invited(Demo.BlueDolphinId, dolphin);
        await Invited(Demo.TumbleTimeId, tumble, Demo.TumbleAdmin);
        return (dolphin with { Id = await UserId(dolphin.Email, Demo.BlueDolphinId) }, tumble with
            { Id = await UserId(tumble.Email, Demo.TumbleTimeId) });
    }

    /// <summary>An enterprise that has no others.</summary>
    public async Task<(Person, Person)> TwoAdmins(string domain)
    {
        var enterprise = Guid.CreateVersion7();
        await Given(new DirectoryChanged(enterprise, domain, 0, [new(enterprise, domain, null, true, null, null, [])], []));
        var people = new[] { "first", "second" }
            .Select(name => new Person(Guid.Empty, name, $"{name}@{domain}", Person.Admin, enterprise, "")).ToArray();
        await Bus.Publish(new EnterpriseImported(enterprise, domain, [],
            [.. people.Select(person => new FirstUser(person.Email, person.Name, person.Level, enterprise, "google", "active"))]));
        foreach (var person in people)
            await Published<UserChanged>(user => user.Email == person.Email);
        return (people[0] with { Id = await UserId(people[0].Email) }, people[1] with { Id = await UserId(people[1].Email) });
    }

    public Task<Guid> UserId(string email, Guid? enterprise = null) =>
        Until(db => db.Users.Where(user => user.Email == email && (enterprise == null || user.EnterpriseId == enterprise)
            && user.Status != PortalUser.Deleted).Select(user => user.Id).SingleOrDefaultAsync(), id => id != Guid.Empty);

    /// <summary>With a token as Identity makes them, of a session that nobody has ended.</summary>
    public new HttpClient SignedInAs(Person person) => Bearing(TestIdentity.Token(
        [new("sub", $"{person.Id}"), new("name", person.Name), new("email", person.Email), new("level", person.Level),
            new("group", $"{person.GroupId}"), new("sid", $"{Guid.CreateVersion7()}")],
        key: Instance.Services.GetRequiredService<ServerKeys>().Signing));

    /// <summary>By the whole way, over the provider.</summary>
    public async Task<HttpClient> SignedIn(Person person, string provider = "google") =>
        Bearing((await NewBrowser().SignIn(person.Email, provider)).Tokens!.AccessToken);

    /// <summary>What an administrator at Google or Microsoft does to a person: <c>new { emailVerified = false }</c>.</summary>
    public async Task AtProvider(string email, object change)
    {
        using var http = providers.CreateClient();
        (await http.PutAsJsonAsync($"/_people/{email}", change)).EnsureSuccessStatusCode();
    }

    public Browser NewBrowser(Replica? instance = null) =>
        new(instance ?? Instance, providers.CreateClient(new() { AllowAutoRedirect = false, BaseAddress = new("http://providers") }),
            AccountKey);

    public async Task Change(Func<IdentityDb, Task> change)
    {
        await using var scope = Instance.Services.CreateAsyncScope();
        await change(scope.ServiceProvider.GetRequiredService<IdentityDb>());
    }

    /// <summary>For what a consumer does without telling anybody.</summary>
    public async Task<T> Until<T>(Func<IdentityDb, Task<T>> look, Func<T, bool> good)
    {
        using var deadline = new CancellationTokenSource(Wait.Limit);
        while (true)
        {
            await using var scope = Instance.Services.CreateAsyncScope();
            if (await look(scope.ServiceProvider.GetRequiredService<IdentityDb>()) is var seen && good(seen))
                return seen;
            await Task.Delay(50, deadline.Token);
        }
    }

    AccountState[] WithKeys(DirectoryChanged directory)
    {
        var point = AccountKey.ECDsa.ExportParameters(false).Q;
        var key = new
            { kty = "EC", crv = "P-256", use = "sig", alg = "ES256", kid = AccountKey.KeyId, x = Base64UrlEncoder.Encode(point.X),
                y = Base64UrlEncoder.Encode(point.Y) };
        var keys = JsonSerializer.Serialize(new { keys = new[] { key } });
        return [.. directory.Accounts.Select(account => account with { ClientKeys = keys })];
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await providers.DisposeAsync();
        Directory.Delete(MailFolder, recursive: true);
        GC.SuppressFinalize(this);
    }
}
