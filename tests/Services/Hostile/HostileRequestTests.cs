using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using CsCheck;

namespace EnterprisePortal.Tests.Hostile;

/// <summary>
/// Whatever is sent, by whomever: it is done, or refused in words. The requests are the same ones each time, so that a red run can be
/// repeated. Others are sent with <c>HostileSeed=2</c> (any number); a failure prints its requests.
/// </summary>
[Collection(nameof(WholePortal))]
public sealed class HostileRequestTests(WholePortal portal)
{
    const int Requests = 10_000;

    static ulong Seed => ulong.Parse(Environment.GetEnvironmentVariable("HostileSeed") ?? "1", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Nothing_that_anybody_sends_makes_a_service_the_gateway_or_an_account_fail()
    {
        var (any, random) = (new HostileRequests(portal).Any(), new PCG(0, Seed));
        var answers = new ConcurrentDictionary<(string Host, int Status), int>();
        var failed = new ConcurrentQueue<string>();

        await Parallel.ForEachAsync(
            Enumerable.Range(0, Requests).Select(_ => any.Generate(random, null, out var _)),
            TestContext.Current.CancellationToken,
            async (asked, cancel) =>
            {
                using var request = asked.ToRequest();
                // A stream begins at once and does not end.
                using var answer = await portal.Client(asked.Address.Host, asked.SignedIn)
                    .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
                answers.AddOrUpdate(
                    (asked.SignedIn ? asked.Address.Host : "anonymous", (int)answer.StatusCode), 1, (_, count) => count + 1);
                if ((int)answer.StatusCode >= 500)
                    failed.Enqueue($"{(int)answer.StatusCode}: {asked}");
            });

        foreach (var ((host, status), count) in answers.OrderBy(answer => answer.Key))
            TestContext.Current.TestOutputHelper!.WriteLine($"{host} {status}: {count}");
        Assert.True(failed.IsEmpty, string.Join("\n\n", failed.OrderBy(request => request.Length).Take(5)));
        int Count(Func<(string Host, int Status), bool> which) => answers.Where(answer => which(answer.Key)).Sum(answer => answer.Value);
        // Else it is only a locked door that was tried.
        Assert.True(Count(it => it.Host != "anonymous" && it.Status == (int)HttpStatusCode.Unauthorized) < Requests / 10);
        Assert.True(Count(it => it.Status < 300) > Requests / 20);
    }
}
