using System.Collections.Concurrent;
using System.Net;
using CsCheck;

namespace EnterprisePortal.Tests.Hostile;

/// <summary>Whatever is sent, by whomever: it is done, or refused in words. A failure prints its seed and the request; <c>CsCheck_Seed=…</c> sends it again.</summary>
[Collection(nameof(WholePortal))]
public sealed class HostileRequestTests(WholePortal portal)
{
    const int Requests = 10_000;

    [Fact]
    public async Task Nothing_that_anybody_sends_makes_a_service_the_gateway_or_an_account_fail()
    {
        var answers = new ConcurrentDictionary<(string Host, int Status), int>();
        var cancel = TestContext.Current.CancellationToken;

        await new HostileRequests(portal).Any().SampleAsync(async asked =>
        {
            using var request = asked.ToRequest();
            // A stream begins at once and does not end.
            using var answer = await portal.Client(asked.Address.Host, asked.SignedIn).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            answers.AddOrUpdate((asked.SignedIn ? asked.Address.Host : "anonymous", (int)answer.StatusCode), 1, (_, count) => count + 1);
            Assert.True((int)answer.StatusCode < 500, $"{(int)answer.StatusCode}");
        }, iter: Requests, print: asked => asked.ToString());

        foreach (var ((host, status), count) in answers.OrderBy(answer => answer.Key))
            TestContext.Current.TestOutputHelper!.WriteLine($"{host} {status}: {count}");
        int Count(Func<(string Host, int Status), bool> which) => answers.Where(answer => which(answer.Key)).Sum(answer => answer.Value);
        // Else it is only a locked door that was tried.
        Assert.True(Count(it => it.Host != "anonymous" && it.Status == (int)HttpStatusCode.Unauthorized) < Requests / 10);
        Assert.True(Count(it => it.Status < 300) > Requests / 20);
    }
}
