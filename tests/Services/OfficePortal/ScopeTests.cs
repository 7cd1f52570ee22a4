using System.Net;
using System.Net.Http.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.AccountApi;
using Microsoft.AspNetCore.Routing;
using static EnterprisePortal.Tests.OfficePortal.WebOffice;

namespace EnterprisePortal.Tests.OfficePortal;

public class ScopeTests(WebOffice office) : IClassFixture<WebOffice>
{
    [Fact]
    public async Task The_phone_searchs_token_can_neither_change_restrictions_nor_release_the_account_nor_read_all_families()
    {
        using var api = office.Api(Austin, AccountScopes.Api, AccountScopes.Search);

        Assert.Equal(HttpStatusCode.OK, await Status(api, HttpMethod.Get, "families?phone=%2B15125550102"));
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Put, "restrictions"), (HttpMethod.Post, "restrictions/preview"), (HttpMethod.Get, "restrictions"),
            (HttpMethod.Post, "release"), (HttpMethod.Get, "snapshot"), (HttpMethod.Get, "changes"), (HttpMethod.Post, "reports"),
            (HttpMethod.Get, "audit-log"), (HttpMethod.Get, "staff/portal-user@bluedolphin.example")
        })
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, await Status(api, method, path)));
        Assert.Equal(1, await office.Ask<long>($"select count(*) from account where code = '{Austin}' and issuer is not null"));
    }

    [Fact]
    public async Task A_narrow_scope_alone_or_the_general_one_alone_opens_nothing()
    {
        const string Call = "families?phone=%2B15125550102";

        Assert.Equal(HttpStatusCode.Unauthorized, await Status(office.Api(Austin, AccountScopes.Search), HttpMethod.Get, Call));
        Assert.Equal(HttpStatusCode.Forbidden, await Status(office.Api(Austin, AccountScopes.Api), HttpMethod.Get, Call));
    }

    [Fact]
    public void Every_call_of_the_Account_API_says_what_it_is_for()
    {
        var calls = office.Endpoints.OfType<RouteEndpoint>()
            .Where(call => call.RoutePattern.RawText!.Contains("/api/enterprise/v1/", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(calls);
        Assert.All(calls, call => Assert.True(call.Metadata.GetMetadata<Opens>()?.Scopes is [_, ..] scopes
            && scopes.All(AccountScopes.Narrow.Contains), call.DisplayName));
    }

    static async Task<HttpStatusCode> Status(HttpClient api, HttpMethod method, string path) =>
        (await api.SendAsync(new(method, path) { Content = method == HttpMethod.Get ? null : JsonContent.Create(new { }) },
            TestContext.Current.CancellationToken)).StatusCode;
}
