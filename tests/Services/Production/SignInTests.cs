using System.Net;
using EnterprisePortal.Identity;
using EnterprisePortal.Tests.Support;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EnterprisePortal.Tests.Production;

/// <summary>Identity as an enterprise runs it, with a Google that need not be asked who it is.</summary>
public sealed class ProductionIdentity(Servers servers) : Service<IdentityDb>(servers)
{
    protected override string HostEnvironment => "Production";

    public override ValueTask InitializeAsync()
    {
        Settings["Portal:Url"] = "https://portal.example/";
        Settings["Clients:gateway"] = "the-gateway";
        Settings["SignIn:Google:Authority"] = "https://accounts.google.com";
        Settings["SignIn:Google:ClientId"] = Settings["SignIn:Google:ClientSecret"] = "the-portal";
        return base.InitializeAsync();
    }

    protected override void Replace(IServiceCollection services) => services.Configure<OpenIdConnectOptions>(Providers.Google,
        google => google.Configuration = new() { AuthorizationEndpoint = "https://accounts.google.com/o/oauth2/v2/auth" });
}

public class SignInTests(ProductionIdentity identity) : IClassFixture<ProductionIdentity>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_the_way_to_Google_and_back_every_cookie_is_for_this_host_and_https_alone()
    {
        // By plain http, as the gateway asks inside the cluster.
        var away = await identity.Anonymous()
            .GetAsync("/connect/authorize?client_id=gateway&response_type=code&scope=openid&state=s&provider=google"
            + "&code_challenge=DjCfR5X2c1Vl5qZ4mWq3yLw5i8N2p1kq0m9rT6uVxYg&code_challenge_method=S256"
            + "&redirect_uri=https%3A%2F%2Fportal.example%2Fsignin-oidc", Cancel);

        Assert.Equal("accounts.google.com", away.Headers.Location?.Host);
        var cookies = away.Headers.GetValues("Set-Cookie").ToList();
        Assert.Equal(2, cookies.Count);
        Assert.All(cookies, cookie =>
        {
            Assert.StartsWith("__Host-portal.identity", cookie, StringComparison.Ordinal);
            foreach (var attribute in new[] { "; secure;", "; path=/;", "; httponly;" })
                Assert.Contains(attribute, cookie + ";", StringComparison.OrdinalIgnoreCase);
        });
        var session = identity.Instance.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>()
            .Get(SignIn.Cookie).Cookie;
        Assert.Equal(("__Host-portal.identity", "/", CookieSecurePolicy.Always), (session.Name, session.Path, session.SecurePolicy));
    }

    [Fact]
    public async Task A_services_description_of_its_API_is_for_people_who_have_signed_in() =>
        Assert.Equal(HttpStatusCode.Unauthorized, (await identity.Anonymous().GetAsync("/openapi/v1.json", Cancel)).StatusCode);
}
