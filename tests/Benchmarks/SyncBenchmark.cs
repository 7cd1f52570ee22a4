using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EnterprisePortal.Benchmarks;

/// <summary>
/// Snapshots of 300 accounts all the way: read over HTTP by Sync, through RabbitMQ, into the index of Search. The first load against COPY
/// of the same rows into the same tables and indexes, at the same parallelism; then a night in which every hundredth family has changed,
/// with people searching meanwhile.
/// </summary>
static class SyncBenchmark
{
    const int Connections = 2;
    static readonly string[] tables = ["family", "name_key", "email", "phone"];
    static readonly TimeSpan Quiet = TimeSpan.FromSeconds(15);

    public static async Task Run(int families)
    {
        await using var world = await World.Start(_ => TimeSpan.Zero);
        await world.WriteSnapshots(number => Families.NumbersOf(number, families).Select(family => Families.Of(family)));
        var db = world.Search.Services.GetRequiredService<NpgsqlDataSource>();

        using var memory = new Memory(() => Applied(db));
        await using var sync = world.StartSync();
        var first = await Until(() => AllApplied(db, since: null));
        var firstMemory = await memory.Stop();
        var copy = await Copy(world, db, families);

        await Tidy(db);
        using var http = world.Search.Client();
        await Readers.Ask(question => Readers.OverHttp(http, question), Question.About, families, 1, Quiet / 2); // warm
        var before = await Readers.Ask(question => Readers.OverHttp(http, question), Question.About, families, 1, Quiet);

        await world.WriteSnapshots(number => Families.NumbersOf(number, families).Select(family => Families.Of(family, changed: true)));
        using var stop = new CancellationTokenSource();
        var readers = Readers.Ask(question => Readers.OverHttp(http, question), Question.About, families, 1, stop.Token);
        using var atNight = new Memory(() => Applied(db));
        var since = TimeProvider.System.GetUtcNow();
        await using (var due = sync.Services.GetRequiredService<NpgsqlDataSource>()
            .CreateCommand("update account_sync set next_run = now(); notify sync"))
            await due.ExecuteNonQueryAsync();
        var night = await Until(() => AllApplied(db, since));
        await stop.CancelAsync();
        var during = await readers;
        var nightMemory = await atNight.Stop();

        Table.Print($"Snapshots of {World.Accounts} accounts, {families:N0} families", ["", "seconds", "families/s", "ratio", "of"],
        [
            ["COPY, the same rows, tables and indexes", $"{copy.Indexed:0.0}", $"{families / copy.Indexed:N0}", "", ""],
            ["COPY without indexes", $"{copy.Bare:0.0}", $"{families / copy.Bare:N0}", $"{copy.Indexed / copy.Bare:0.00}", "COPY's speed"],
            ["first load", $"{first:0.0}", $"{families / first:N0}", $"{copy.Indexed / first:0.00}", "COPY's speed"],
            ["a night, 1 % changed", $"{night:0.0}", $"{families / night:N0}", $"{first / night:0.0}", "the first load's speed"]
        ]);
        Table.Print("People who search", ["", "searches", "p50 ms", "p95 ms", "p95 ratio"],
        [
            ["before", $"{before.Count}", $"{before.At(.5):0.00}", $"{before.At(.95):0.00}", ""],
            ["in the night", $"{during.Count}", $"{during.At(.5):0.00}", $"{during.At(.95):0.00}",
                $"{during.At(.95) / before.At(.95):0.00}"]
        ]);
        Table.Print("Managed memory of Sync, Search and the accounts' stand-ins together: the most, MB",
            ["", "first third", "second", "last", "last / first"], [[.. firstMemory.Row("first load")], [.. nightMemory.Row("a night")]]);
    }

    static async Task<double> Until(Func<Task<bool>> done)
    {
        for (var started = Stopwatch.GetTimestamp(); ; await Task.Delay(100))
            if (await done())
                return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    static async Task<bool> AllApplied(NpgsqlDataSource db, DateTimeOffset? since)
    {
        await using var command = db.CreateCommand("select count(*) from account where snapshot_taken_at >= $1");
        command.Parameters.AddWithValue(since ?? DateTimeOffset.UnixEpoch);
        return (long)(await command.ExecuteScalarAsync())! == World.Accounts;
    }

    static async Task<long> Applied(NpgsqlDataSource db)
    {
        await using var command = db.CreateCommand("select count(*) from snapshot where state = 'applied'");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    static async Task Tidy(NpgsqlDataSource db)
    {
        await using var tidy = db.CreateCommand("vacuum analyze");
        tidy.CommandTimeout = 0;
        await tidy.ExecuteNonQueryAsync();
    }

    /// <summary>The rows that are in the index now, account by account, into a database made by the same scripts.</summary>
    static async Task<(double Bare, double Indexed)> Copy(World world, NpgsqlDataSource db, int families)
    {
        var folder = System.IO.Directory.CreateDirectory(Path.Combine(world.Folder, "copy")).FullName;
        for (var account = 1; account <= World.Accounts; account++)
            foreach (var table in tables)
            {
                await using var connection = await db.OpenConnectionAsync();
                await using var rows = await connection.BeginRawBinaryCopyAsync(
                    $"copy (select * from {table} where account_no = {account}) to stdout (format binary)");
                await using var file = File.Create(Path.Combine(folder, $"{table}.{account}"));
                await rows.CopyToAsync(file);
            }
        var indexed = await Into("copy_indexed", bare: false);
        return (await Into("copy_bare", bare: true), indexed);

        async Task<double> Into(string name, bool bare)
        {
            await using var into = await world.SameSchema(name);
            if (bare)
            {
                await using var drop = into.CreateCommand(
                    """
                    alter table family drop constraint family_pkey, drop constraint family_account_no_external_id_key;
                    drop index name_key_word, name_key_pair, name_key_account, name_key_family,
                      email_prefix, email_family, phone_ending, phone_family
                    """);
                await drop.ExecuteNonQueryAsync();
            }
            var started = Stopwatch.GetTimestamp();
            var options = new ParallelOptions { MaxDegreeOfParallelism = Connections };
            await Parallel.ForAsync(1, World.Accounts + 1, options, async (account, cancel) =>
            {
                await using var connection = await into.OpenConnectionAsync(cancel);
                await using var transaction = await connection.BeginTransactionAsync(cancel);
                foreach (var table in tables)
                {
                    await using var rows = await connection.BeginRawBinaryCopyAsync($"copy {table} from stdin (format binary)", cancel);
                    await using var file = File.OpenRead(Path.Combine(folder, $"{table}.{account}"));
                    await file.CopyToAsync(rows, cancel);
                }
                await transaction.CommitAsync(cancel);
            });
            return Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
    }

    /// <summary>Flat is what does not grow with what has already been done.</summary>
    sealed class Memory : IDisposable
    {
        readonly CancellationTokenSource stop = new();
        readonly List<(long Done, double Megabytes)> samples = [];
        readonly Task sampling;

        public Memory(Func<Task<long>> done) => sampling = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                samples.Add((await done(), GC.GetTotalMemory(forceFullCollection: false) / 1e6));
                await Task.Delay(250);
            }
        });

        public async Task<Memory> Stop()
        {
            await stop.CancelAsync();
            await sampling;
            return this;
        }

        public void Dispose() => stop.Dispose();

        public string[] Row(string name)
        {
            var (from, to) = (samples[0].Done, samples[^1].Done + 1);
            double[] most =
                [.. Enumerable.Range(0, 3).Select(third => samples.Where(sample => (sample.Done - from) * 3 / (to - from) == third)
                    .Select(sample => sample.Megabytes).DefaultIfEmpty().Max())];
            return [name, .. most.Select(megabytes => megabytes.ToString("0", CultureInfo.InvariantCulture)), $"{most[2] / most[0]:0.00}"];
        }
    }
}
