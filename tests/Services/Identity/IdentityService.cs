using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Identity;
using EnterprisePortal.DevSignIn;
using EnterprisePortal.Identity;
using EnterprisePortal.Tests.Support;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace EnterprisePortal.Tests.Identity;

/// <summary>Identity with Google's and Microsoft's stand-in, the demo world's people invited, and accounts with keys of their own.</summary>
public sealed class IdentityService(Servers servers) : Service<IdentityDb>(servers)
{
    public const string Portal = "http://localhost:8080/", Tenant = "7c1d5f0e-5b1a-4c7e-9a55-0d5a5e3b1c01";
    const string ProviderSecret = "a-secret-of-the-providers";

    readonly WebApplicationFactory<People> providers = new Providers();
    public ECDsaSecurityKey AccountKey { get; } = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "an-account" };

    sealed class Providers : WebApplicationFactory<People>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder) => builder.UseSetting("DevSignIn:ClientSecret", ProviderSecret).UseSetting("Portal:Url", Portal);
    }

    public override async ValueTask InitializeAsync()
    {
        foreach (var (provider, authority) in new[] { ("Google", "http://providers/google"), ("Microsoft", "http://providers/microsoft/organizations/v2.0") })
        {
            Settings[$"SignIn:{provider}:Authority"] = authority;
            Settings[$"SignIn:{provider}:ClientId"] = "enterprise-portal";
            Settings[$"SignIn:{provider}:ClientSecret"] = ProviderSecret;
        }
        Settings["Clients:gateway"] = "the-gateway";
        Settings["Clients:search"] = "the-search";
        await base.InitializeAsync();
        await Given(BlueDolphin, Demo.TumbleTime with { Accounts = WithKeys(Demo.TumbleTime) });
        await Invited(Demo.BlueDolphinId,
            Demo.RootAdmin, Demo.RootUser, Demo.EastAdmin with { Name = "microsoft" }, Demo.EastUser, Demo.WestUser);
        await Until(db => db.AccountClients.CountAsync(), count => count == 12);
    }

    protected override void Replace(IServiceCollection services)
    {
        foreach (var provider in new[] { "google", "microsoft" })
            services.Configure<OpenIdConnectOptions>(provider, options => options.BackchannelHttpHandler = providers.Server.CreateHandler());
    }

    public DirectoryChanged BlueDolphin => Demo.BlueDolphin with { Accounts = WithKeys(Demo.BlueDolphin) };

    /// <summary>Invited to come with Google, but for those whose name says otherwise.</summary>
    public async Task Invited(Guid enterprise, params ServiceDefaults.SignIn.Person[] people)
    {
        await Bus.Publish(new EnterpriseImported(enterprise, "Blue Dolphin", [Tenant],
            [.. people.Select(person => new FirstUser(person.Email, person.Name, person.Level, person.GroupId, person.Name == "microsoft" ? "microsoft" : "google"))]));
        foreach (var person in people)
            await Published<UserChanged>(user => user.Email == person.Email);
    }

    /// <summary>What an administrator at Google or Microsoft does to a person: <c>new { emailVerified = false }</c>.</summary>
    public async Task AtProvider(string email, object change)
    {
        using var http = providers.CreateClient();
        (await http.PutAsJsonAsync($"/_people/{email}", change)).EnsureSuccessStatusCode();
    }

    public Browser NewBrowser(Replica? instance = null) => new(instance ?? Instance, providers.CreateClient(new() { AllowAutoRedirect = false, BaseAddress = new("http://providers") }), AccountKey);

    public async Task Change(Func<IdentityDb, Task> change)
    {
        await using var scope = Instance.Services.CreateAsyncScope();
        await change(scope.ServiceProvider.GetRequiredService<IdentityDb>());
    }

    /// <summary>For what a consumer does without telling anybody.</summary>
    public async Task<T> Until<T>(Func<IdentityDb, Task<T>> look, Func<T, bool> good)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (true)
        {
            await using var scope = Instance.Services.CreateAsyncScope();
            if (await look(scope.ServiceProvider.GetRequiredService<IdentityDb>()) is var seen && good(seen))
                return seen;
            await Task.Delay(50, patience.Token);
        }
    }

    AccountState[] WithKeys(DirectoryChanged directory)
    {
        var point = AccountKey.ECDsa.ExportParameters(false).Q;
        var key = new { kty = "EC", crv = "P-256", use = "sig", alg = "ES256", kid = AccountKey.KeyId, x = Base64UrlEncoder.Encode(point.X), y = Base64UrlEncoder.Encode(point.Y) };
        var keys = JsonSerializer.Serialize(new { keys = new[] { key } });
        return [.. directory.Accounts.Select(account => account with { ClientKeys = keys })];
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await providers.DisposeAsync();
    }
}
