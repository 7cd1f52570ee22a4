using System.Collections.Concurrent;
using System.Net;
using CsCheck;

namespace EnterprisePortal.Tests.Hostile;

/// <summary>Whatever is sent, by whomever: it is refused in words, or done. A failure prints its seed and the request; <c>CsCheck_Seed=…</c> sends it again.</summary>
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
            HttpResponseMessage answer;
            try { answer = await portal.Client(asked.Address.Host, asked.SignedIn).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel); }
            catch (Exception e) when (Environment.GetEnvironmentVariable("HOSTILE_OUT") is { } out_) { lock (answers) File.AppendAllText(out_, $"EXCEPTION {e.ToString()[..Math.Min(1500, e.ToString().Length)]} {asked}\n----\n"); return; }
            using var _ = answer;
            answers.AddOrUpdate((asked.SignedIn ? asked.Address.Host : "anonymous", (int)answer.StatusCode), 1, (_, count) => count + 1);
            // Also read as far as it is there, where it is no stream: a failure may come late.
            if ((int)answer.StatusCode >= 500 && Environment.GetEnvironmentVariable("HOSTILE_OUT") is { } path)
            {
                lock (answers)
                    File.AppendAllText(path, $"{(int)answer.StatusCode} {await_(answer)} {asked}\n----\n");
                return;
            }
            var words = (int)answer.StatusCode >= 500 ? await answer.Content.ReadAsStringAsync(cancel) : "";
            Assert.True(words == "" && (int)answer.StatusCode < 500, $"{(int)answer.StatusCode}: {words}");
        }, iter: Requests, print: asked => asked.ToString());

        if (Environment.GetEnvironmentVariable("HOSTILE_OUT") is { } log)
        {
            Collector.Flush(portal.Processes);
            File.WriteAllLines(log + ".logs", portal.Collector.Find("exception.type"));
            File.AppendAllText(log, $"KEPT {portal.Collector.Kept("traces")} {portal.Collector.Kept("logs")} {portal.Collector.Kept("metrics")} addresses {portal.Addresses.Count}");
            File.WriteAllLines(log + ".answers", answers.OrderBy(a => a.Key).Select(a => $"{a.Key} {a.Value}").Concat(portal.Addresses.Select(a => $"{a.Host} {a.Method} {a.Template} {string.Join(',', a.Fields)}")));
        }
        static string await_(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync().GetAwaiter().GetResult() is var text ? text[..Math.Min(300, text.Length)] : "";
        foreach (var ((host, status), count) in answers.OrderBy(answer => answer.Key))
            TestContext.Current.TestOutputHelper!.WriteLine($"{host} {status}: {count}");
        int Count(Func<(string Host, int Status), bool> which) => answers.Where(answer => which(answer.Key)).Sum(answer => answer.Value);
        // Else it is only a locked door that was tried.
        Assert.True(Count(it => it.Host != "anonymous" && it.Status is (int)HttpStatusCode.Unauthorized) < Requests / 10);
        Assert.True(Count(it => it.Status < 300) > Requests / 20);
    }
}
