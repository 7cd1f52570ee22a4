using System.Net;
using EnterprisePortal.ServiceDefaults.AccountApi;
using EnterprisePortal.Tests.Search;
using EnterprisePortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace EnterprisePortal.Tests.Messaging;

public class ServiceTokensTests(SearchService search) : IClassFixture<SearchService>
{
    [Fact]
    public async Task An_answer_that_is_no_token_is_asked_for_again_and_is_a_problem_only_if_it_stays_so()
    {
        var (asked, pages) = (0, 1);
        search.Outbound.Answer("identity", request => request.RequestUri!.AbsolutePath == "/connect/token" && ++asked <= pages
            ? new(HttpStatusCode.OK) { Content = new StringContent("<html>Back soon</html>") }
            : TestIdentity.Answer(request));
        var tokens = search.Instance.Services.GetRequiredService<ServiceTokens>();

        Assert.Equal("a-service-token", await tokens.For("http://office.example/one", "account-api"));

        (asked, pages) = (0, 2);
        var problem = await Assert.ThrowsAsync<HttpRequestException>(() => tokens.For("http://office.example/two", "account-api"));
        Assert.Equal("Identity's answer is not a token.", problem.Message);
        Assert.Equal("a-service-token", await tokens.For("http://office.example/two", "account-api"));
    }
}
