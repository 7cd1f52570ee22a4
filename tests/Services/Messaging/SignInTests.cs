using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Security.Cryptography;
using EnterprisePortal.Audit;
using EnterprisePortal.Contracts.Identity;
using EnterprisePortal.ServiceDefaults.SignIn;
using EnterprisePortal.Tests.Support;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace EnterprisePortal.Tests.Messaging;

public class SignInTests(Service<RecordActivity> service) : IClassFixture<Service<RecordActivity>>
{
    const string Address = "/api/audit";
    static readonly Claim[] Claims =
        [new("sub", $"{Demo.EastUser.Id}"), new("name", "Emil"), new("level", "user"), new("group", $"{Demo.EastId}"), new("sid", "s")];

    [Fact]
    public async Task A_session_that_was_ended_is_refused_by_every_instance_although_its_token_has_not_expired()
    {
        var person = Demo.EastUser with { Session = "ended" };
        var second = await service.AnotherInstance();
        Assert.Equal(HttpStatusCode.OK, await Status(service.SignedInAs(person)));

        await service.Bus.Publish(
            new SessionsRevoked(person.Id, ["ended"], "Your account was suspended by an Admin.", service.Clock.GetUtcNow()));

        await Eventually(() => service.Instance.Services.GetRequiredService<RevokedSessions>().Contains("ended")
            && second.Services.GetRequiredService<RevokedSessions>().Contains("ended"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(service.SignedInAs(person)));
        Assert.Equal(HttpStatusCode.OK, await Status(service.SignedInAs(person with { Session = "another" })));
    }

    [Fact]
    public async Task An_instance_that_starts_after_a_session_was_ended_refuses_it_too()
    {
        await service.Bus.Publish(new SessionsRevoked(Demo.WestUser.Id, ["ended-before"], "Signed out.", service.Clock.GetUtcNow()));

        await Eventually(async () => (await service.AnotherInstance()).Services.GetRequiredService<RevokedSessions>()
            .Contains("ended-before"));
    }

    public static TheoryData<string, string> Forgeries => new()
    {
        { "no token at all", "" },
        { "rubbish", "rubbish" },
        { "signed with another key", TestIdentity.Token(Claims, key: new RsaSecurityKey(RSA.Create(2048)) { KeyId = "test" }) },
        { "for another service", TestIdentity.Token(Claims, audiences: ["search"]) },
        { "from another issuer", TestIdentity.Token(Claims, issuer: "http://localhost:8091/google") },
        { "an id token", TestIdentity.Token(Claims, type: "JWT") },
        { "for starting report runs only", TestIdentity.Token([.. Claims, new("scope", "openid account runs:start")]) },
        { "expired", TestIdentity.Token(Claims, age: TimeSpan.FromMinutes(6)) }
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task A_token_that_is_not_ours_for_this_service_is_refused(string why, string token)
    {
        var answer = await (token == "" ? service.Anonymous() : service.Bearing(token))
            .GetAsync(Address, TestContext.Current.CancellationToken);

        Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, why);
        await IsProblem(answer);
    }

    [Fact]
    public async Task A_services_own_token_does_not_pass_for_a_person()
    {
        var answer = await service.Bearing(TestIdentity.Token([new("sub", "search"), new("client_id", "search")]))
            .GetAsync(Address, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        await IsProblem(answer);
    }

    [Theory]
    [InlineData("/api/audit/no-such-thing", HttpStatusCode.NotFound)]
    [InlineData("/api/audit?limit=0", HttpStatusCode.BadRequest)]
    [InlineData("/api/audit?limit=many", HttpStatusCode.BadRequest)]
    public async Task A_mistake_is_answered_with_problem_details(string address, HttpStatusCode expected)
    {
        var answer = await service.SignedInAs(Demo.EastUser).GetAsync(address, TestContext.Current.CancellationToken);

        Assert.Equal(expected, answer.StatusCode);
        await IsProblem(answer);
    }

    [Fact]
    public async Task The_keys_are_kept_so_that_a_service_checks_tokens_while_Identity_is_down()
    {
        Assert.Equal(HttpStatusCode.OK, await Status(service.SignedInAs(Demo.EastUser)));

        service.Outbound.Answer("identity", _ => throw new HttpRequestException("Down."));
        var restarted = (await service.AnotherInstance()).CreateClient();
        restarted.DefaultRequestHeaders.Authorization = new("Bearer", TestIdentity.TokenOf(Demo.EastUser));

        Assert.Equal(HttpStatusCode.OK, await Status(restarted));
    }

    static async Task<HttpStatusCode> Status(HttpClient client) =>
        (await client.GetAsync(Address, TestContext.Current.CancellationToken)).StatusCode;

    static async Task IsProblem(HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal((int)answer.StatusCode,
            (await answer.Content.ReadFromJsonAsync<ProblemDetails>(TestContext.Current.CancellationToken))!.Status);
    }
}
