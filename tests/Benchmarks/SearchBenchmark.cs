using System.Diagnostics;
using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Search;
using EnterprisePortal.Search.FamilySearch;
using EnterprisePortal.Search.Snapshots;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EnterprisePortal.Benchmarks;

/// <summary>Family search over the whole reach: the SQL alone, the service's endpoint, and the endpoint through the gateway, taking turns.</summary>
static class SearchBenchmark
{
    const int Rounds = 3, Clients = 8;
    static readonly TimeSpan Alone = TimeSpan.FromSeconds(4), Together = TimeSpan.FromSeconds(5);
    static readonly string[] syllables = ["ma", "ri", "lo", "ben", "da", "son", "ki", "wer", "tan", "ol", "vi", "gar", "mc", "hu", "ster", "field", "ro", "an"];

    public static async Task Run(int families)
    {
        await using var world = await World.Start(_ => TimeSpan.Zero);
        await Load(world, families);
        await using var gateway = world.StartGateway();
        using var service = world.Search.Client();
        using var portal = gateway.Client();
        var connections = world.Search.Services.GetRequiredService<SearchConnections>();
        var reached = (await world.Search.Services.GetRequiredService<AccountNumbers>().Of(world.Reach, null, null, CancellationToken.None))!;

        (string Name, Func<Question, Task> Ask)[] ways =
        [
            ("SQL alone", Sql), ("endpoint", question => Get(service, question)), ("through the gateway", question => Get(portal, question))
        ];
        foreach (var (_, ask) in ways)
            await Measure(ask, families, 1, Alone); // warm
        var alone = ways.ToDictionary(way => way.Name, _ => new List<double>());
        var together = ways.ToDictionary(way => way.Name, _ => 0);
        for (var round = 0; round < Rounds; round++)
            foreach (var (name, ask) in ways)
            {
                alone[name].AddRange(await Measure(ask, families, 1, Alone));
                together[name] += (await Measure(ask, families, Clients, Together)).Count;
            }

        Table.Print($"Family search, {families:N0} families in {World.Accounts} accounts", ["", "p50 ms", "p95 ms", "p95 ratio", $"searches/s, {Clients} clients", "ratio"],
            ways.Select(way => (string[])
            [
                way.Name, $"{alone[way.Name].At(.5):0.00}", $"{alone[way.Name].At(.95):0.00}", $"{alone[way.Name].At(.95) / alone["SQL alone"].At(.95):0.00}",
                $"{together[way.Name] / (Rounds * Together.TotalSeconds):0}", $"{(double)together[way.Name] / together["SQL alone"]:0.00}"
            ]));

        async Task Sql(Question question)
        {
            var criteria = Criteria.Read(question.Name, question.Email, question.Phone, [])!;
            await using var connection = await connections.Source.OpenConnectionAsync();
            await using var batch = FamilyQueries.Batch(connection, criteria, reached, 50);
            await using var rows = await batch.ExecuteReaderAsync();
            do
                while (await rows.ReadAsync()) { }
            while (await rows.NextResultAsync());
        }

        static async Task Get(HttpClient http, Question question)
        {
            using var answer = await http.GetAsync(new Uri($"api/search/families?name={question.Name}&email={question.Email}&phone={question.Phone}", UriKind.Relative));
            answer.EnsureSuccessStatusCode();
        }
    }

    static async Task<List<double>> Measure(Func<Question, Task> ask, int families, int clients, TimeSpan time)
    {
        var until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var each = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            var (took, random) = (new List<double>(), new Random(client));
            while (Stopwatch.GetTimestamp() < until)
            {
                var question = Question.About(random, random.Next(families));
                var started = Stopwatch.GetTimestamp();
                await ask(question);
                took.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
            return took;
        })));
        return [.. each.SelectMany(took => took)];
    }

    static async Task Load(World world, int families)
    {
        var started = Stopwatch.GetTimestamp();
        var db = world.Search.Services.GetRequiredService<NpgsqlDataSource>();
        var numbers = world.Search.Services.GetRequiredService<AccountNumbers>();
        await Parallel.ForAsync(0, World.Accounts, async (account, cancel) =>
        {
            var batch = Enumerable.Range(0, families).Skip(account * (families / World.Accounts)).Take(families / World.Accounts)
                .Select(number => new IndexedFamily(null, number, JsonSerializer.SerializeToUtf8Bytes(Family(number), SnapshotJson.Default.AccountFamily))).ToArray();
            await using var connection = await db.OpenConnectionAsync(cancel);
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            await FamilyIndex.Write(connection, await numbers.Of(world.Directory[account].Code, cancel), batch, cancel);
            await transaction.CommitAsync(cancel);
        });
        await using var tidy = db.CreateCommand("vacuum analyze");
        tidy.CommandTimeout = 0;
        await tidy.ExecuteNonQueryAsync();
        Console.WriteLine($"{families:N0} families loaded: {families / Stopwatch.GetElapsedTime(started).TotalSeconds:N0} a second.");
    }

    static AccountFamily Family(int number)
    {
        var (first, last) = NameOf(number);
        return new($"{number}", [new(first, last), new(NameOf(number * 31 + 7).First, last)], [$"{first}.{last}{number % 97}@example.com"], [PhoneOf(number), PhoneOf(number + 500_000_000)], number % 3 > 0);
    }

    /// <summary>324 first and 5,832 last names, some of them far more frequent than others.</summary>
    static (string First, string Last) NameOf(int number)
    {
        var dice = new Random(number);
        string Syllable() => syllables[(int)(Math.Pow(dice.NextDouble(), 1.5) * syllables.Length)];
        return (Syllable() + Syllable(), Syllable() + Syllable() + Syllable());
    }

    static string PhoneOf(int number) => $"+1{2_000_000_000L + number * 7919L % 7_999_999_999L}";

    sealed record Question(string Name, string Email, string Phone)
    {
        /// <summary>As staff ask: of somebody who is there.</summary>
        public static Question About(Random random, int number)
        {
            var (first, last) = NameOf(number);
            return random.Next(6) switch
            {
                0 => new(last, "", ""),
                1 => new($"{first} {last}", "", ""),
                2 => new($"{last} {first[..2]}", "", ""),
                3 => new("", $"{first}.{last}", ""),
                4 => new("", "", PhoneOf(number)[^7..]),
                _ => new(last, "", PhoneOf(number))
            };
        }
    }
}
