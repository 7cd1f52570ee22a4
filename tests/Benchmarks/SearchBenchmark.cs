using System.Diagnostics;
using System.Text.Json;
using EnterprisePortal.Search;
using EnterprisePortal.Search.FamilySearch;
using EnterprisePortal.Search.Snapshots;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EnterprisePortal.Benchmarks;

/// <summary>
/// Family search over the whole reach: the SQL alone, the service's endpoint, the endpoint through the gateway, and Lucene.Net in this
/// process, taking turns
/// over the same questions. Then the near names of misspelled ones.
/// </summary>
static class SearchBenchmark
{
    const int Rounds = 3, Clients = 8;
    static readonly TimeSpan Alone = TimeSpan.FromSeconds(4), Together = TimeSpan.FromSeconds(5);

    public static async Task Run(int families)
    {
        await using var world = await World.Start(_ => TimeSpan.Zero);
        await Load(world, families);
        using var lucene = LuceneIndex.Load(Path.Combine(world.Folder, "lucene"), families);
        await using var gateway = world.StartGateway();
        using var service = world.Search.Client();
        using var portal = gateway.Client();
        var connections = world.Search.Services.GetRequiredService<SearchConnections>();
        var reached =
            (await world.Search.Services.GetRequiredService<AccountNumbers>().Of(world.Reach, null, null, CancellationToken.None))!;

        (string Name, Func<Question, Task> Ask)[] ways =
        [
            ("SQL alone", Sql), ("endpoint", question => Readers.OverHttp(service, question)),
            ("through the gateway", question => Readers.OverHttp(portal, question)),
            ("Lucene.Net alone", question => lucene.Ask(question, reached.Bits))
        ];
        await Compare($"Family search, {families:N0} families in {World.Accounts} accounts", ways, Question.About, families);
        await Compare("Names with a letter wrong, that nobody has",
            [("SQL alone: finds nobody", Sql), ("endpoint: near names", question => Readers.OverHttp(service, question))],
            Question.Misspelled, families);
        Table.Print("Size", ["", "MB"],
            [["tables and indexes in PostgreSQL", $"{await IndexBytes(world) / 1e6:0}"], ["Lucene.Net", $"{lucene.Bytes / 1e6:0}"]]);

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
    }

    static async Task Compare(string title, (string Name, Func<Question, Task> Ask)[] ways, Func<Random, int, Question> question,
        int families)
    {
        foreach (var (_, ask) in ways)
            await Readers.Ask(ask, question, families, 1, Alone); // warm
        var alone = ways.ToDictionary(way => way.Name, _ => new List<double>());
        var together = ways.ToDictionary(way => way.Name, _ => 0);
        for (var round = 0; round < Rounds; round++)
            foreach (var (name, ask) in ways)
            {
                alone[name].AddRange(await Readers.Ask(ask, question, families, 1, Alone));
                together[name] += (await Readers.Ask(ask, question, families, Clients, Together)).Count;
            }
        var first = ways[0].Name;
        Table.Print(title, ["", "p50 ms", "p95 ms", "p95 ratio", $"searches/s, {Clients} clients", "ratio"], ways.Select(way => (string[])
        [
            way.Name, $"{alone[way.Name].At(.5):0.00}", $"{alone[way.Name].At(.95):0.00}",
            $"{alone[way.Name].At(.95) / alone[first].At(.95):0.00}",
            $"{together[way.Name] / (Rounds * Together.TotalSeconds):0}", $"{(double)together[way.Name] / together[first]:0.00}"
        ]));
    }

    static async Task Load(World world, int families)
    {
        var started = Stopwatch.GetTimestamp();
        var db = world.Search.Services.GetRequiredService<NpgsqlDataSource>();
        var numbers = world.Search.Services.GetRequiredService<AccountNumbers>();
        await Parallel.ForAsync(0, World.Accounts, async (account, cancel) =>
        {
            var batch = Families.NumbersOf(account, families)
                .Select(number => new IndexedFamily(
                    null, number, JsonSerializer.SerializeToUtf8Bytes(Families.Of(number), SnapshotJson.Default.AccountFamily))).ToArray();
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

    static async Task<long> IndexBytes(World world)
    {
        await using var command = world.Search.Services.GetRequiredService<NpgsqlDataSource>()
            .CreateCommand(
                "select sum(pg_total_relation_size(t::regclass))::bigint from unnest(array['family', 'name_key', 'email', 'phone']) t");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
