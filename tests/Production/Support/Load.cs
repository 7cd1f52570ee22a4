using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace EnterprisePortal.Tests.Production.Support;

/// <summary>People at work while something is killed: each does one thing after the other, and what went wrong is counted.</summary>
sealed class Load : IAsyncDisposable
{
    static readonly string[] Workers =
    [
        "root-admin@bluedolphin.example", "root-user@bluedolphin.example", "west-user@bluedolphin.example", "east-user@bluedolphin.example"
    ];
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    readonly CancellationTokenSource end = new();
    readonly ConcurrentQueue<Seen> seen = new();
    readonly long began = Stopwatch.GetTimestamp();
    readonly List<Person> people = [];
    readonly List<Task> work = [];

    sealed record Seen(string What, TimeSpan At, TimeSpan Took, string? Problem);

    public static async Task<Load> Begin(Rehearsal rehearsal)
    {
        var load = new Load();
        foreach (var email in Workers)
            load.people.Add(await rehearsal.SignedIn(email));
        foreach (var (number, person) in load.people.Index())
            load.work.Add(load.Work(person, number));
        return load;
    }

    async Task Work(Person person, int number)
    {
        var code = number % 2 == 0 ? "bluedolphin-austin" : "bluedolphin-denver";
        (string What, Func<Task<HttpResponseMessage>> Do, Func<HttpResponseMessage, bool> IsGood)[] day =
        [
            ("search", () => person.Send(HttpMethod.Get, "/api/search/families?name=holloway"), IsSuccess),
            ("page", () => person.Get("/accounts"), IsSuccess),
            // By the key: the account asks the portal who that is, from server to server.
            ("enter", () => person.Follow(number < 2 ? $"/open/{code}?to=/families" : "/accounts"), answer => IsSuccess(answer)
                && !answer.RequestMessage!.RequestUri!.AbsolutePath.Contains("sign-in", StringComparison.Ordinal)),
            ("change", () => person.Send(HttpMethod.Put, $"/api/accounts/{code}/favourite"), answer => IsSuccess(answer)
                || answer.StatusCode == System.Net.HttpStatusCode.NotFound),
            ("phone", () => person.Send(HttpMethod.Get, "/api/search/phone/+15125550102"), IsSuccess)
        ];
        while (!end.IsCancellationRequested)
            foreach (var (what, act, isGood) in day)
            {
                var (at, problem) = (Stopwatch.GetElapsedTime(began), default(string));
                try
                {
                    using var answer = await act();
                    problem = isGood(answer) ? null : $"{(int)answer.StatusCode} {answer.RequestMessage!.RequestUri!.AbsolutePath}";
                }
                catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
                {
                    problem = e.InnerException?.Message ?? e.Message;
                }
                seen.Enqueue(new(what, at, Stopwatch.GetElapsedTime(began) - at, problem));
                await Task.Delay(Pause, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
    }

    static bool IsSuccess(HttpResponseMessage answer) => answer.IsSuccessStatusCode;

    /// <returns>What people saw, after their last step.</returns>
    public async Task<Outcome> Stop()
    {
        await end.CancelAsync();
        await Task.WhenAll(work);
        var all = seen.OrderBy(one => one.At).ToList();
        var bad = all.Where(one => one.Problem is not null).ToList();
        // An outage of one kind of work: from the beginning of the first failure to the next success.
        var outages = all.GroupBy(one => one.What).SelectMany(kind => kind.Where(one => one.Problem is not null)
            .Select(failed => (kind.FirstOrDefault(one => one.At > failed.At && one.Problem is null) is { } good
                ? good.At + good.Took : all[^1].At) - failed.At));
        return new(all.Count, bad.Count, outages.DefaultIfEmpty().Max(), all.Max(one => one.Took),
            [.. bad.GroupBy(one => $"{one.What}: {one.Problem}").Select(group => $"{group.Count()} × {group.Key}")]);
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await Task.WhenAll(work);
        people.ForEach(person => person.Dispose());
        end.Dispose();
    }
}

sealed record Outcome(int Requests, int Errors, TimeSpan Outage, TimeSpan Slowest, IReadOnlyList<string> Problems)
{
    static readonly List<string> rows = [];

    /// <summary>A line of the table in docs/rehearsal.md, which the last test prints.</summary>
    public Outcome Tell(string killed)
    {
        rows.Add(string.Create(CultureInfo.InvariantCulture,
            $"| {killed} | {Errors} of {Requests} | {Outage.TotalSeconds:0.0} s | {Slowest.TotalSeconds:0.0} s |"));
        Print(rows[^1]);
        foreach (var problem in Problems)
            Print($"    {problem}");
        return this;
    }

    public static void PrintTable()
    {
        if (rows.Count > 0)
            Print("| What happened | Errors people saw | Longest outage | Slowest answer |\n|---|---|---|---|");
        rows.ForEach(Print);
    }

    static void Print(string line)
    {
        Directory.CreateDirectory(Path.Combine(Deployment.Repository, "TestResults", "Production"));
        File.AppendAllText(Path.Combine(Deployment.Repository, "TestResults", "Production", "table.md"), line + "\n");
        Console.WriteLine(line);
    }
}
