using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.ServiceDefaults.Background;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EnterprisePortal.Audit;

/// <summary>
/// Moves months past the retention out of the database: each enterprise's entries go into a file, the file's hash into a closing entry at
/// the end of the chain, whose head is signed like any other, then the month is dropped; all in one transaction. Runs daily, and by <c>--
/// archive</c>. The database itself ensures that no month is dropped before two years are over (<c>old_month</c>).
/// </summary>
public sealed class ArchiveMonths(AppendToLog append, SignedHeads heads, NpgsqlDataSource db, IOptions<AuditOptions> options,
    TimeProvider clock, ILogger<ArchiveMonths> log) : BackgroundLoop(TimeSpan.FromDays(1), clock, log)
{
    protected override Task Round(CancellationToken stop) => Run(stop);

    /// <returns>The months that were archived.</returns>
    public async Task<IReadOnlyList<DateOnly>> Run(CancellationToken cancel)
    {
        if (options.Value.ArchiveFolder is not { Length: > 0 } folder)
            return [];
        Directory.CreateDirectory(folder);
        var today = DateOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime);
        var months = (await Months(cancel)).Where(month => month.AddMonths(1 + options.Value.RetentionMonths) <= today).Order().ToList();
        foreach (var month in months)
            await Archive(month, folder, cancel);
        return months;
    }

    async Task<List<DateOnly>> Months(CancellationToken cancel)
    {
        await using var command = db.CreateCommand(
            "select relname from pg_inherits join pg_class on oid = inhrelid where inhparent = 'activity'::regclass");
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var months = new List<DateOnly>();
        while (await rows.ReadAsync(cancel))
            months.Add(DateOnly.ParseExact(rows.GetString(0) + "_01", "'activity_'yyyy'_'MM'_'dd", CultureInfo.InvariantCulture));
        return months;
    }

    async Task Archive(DateOnly month, string folder, CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // Another replica was faster and dropped the month: nothing is left to lock.
        await Execute(connection, "select hold_month($1)", month, cancel);
        var closed = new List<Chain.Head>();
        foreach (var enterprise in await Enterprises(connection, month, cancel))
        {
            var (gone, file) = await Export(connection, month, enterprise, folder, cancel);
            var closing = ((await ClosingEntry.Newest(connection, enterprise, cancel)) ?? ClosingEntry.None).And(month, file, gone);
            closed.Add(await append.Append(connection, enterprise, [closing.AsActivity(enterprise, Clock.GetUtcNow())], cancel));
            Log.LogInformation("Archived {Month:yyyy-MM} of {Enterprise}: {Entries} entries in {File}.",
                month, enterprise, file.Entries, file.Name);
        }
        await Execute(connection, "select drop_month($1)", month, cancel);
        await transaction.CommitAsync(cancel);
        closed.ForEach(heads.Note);
    }

    static async Task<List<Guid>> Enterprises(NpgsqlConnection connection, DateOnly month, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "select distinct enterprise_id from activity where at >= $1 and at < $2 order by 1", connection)
        { CommandTimeout = 0 };
        Between(command, month);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var enterprises = new List<Guid>();
        while (await rows.ReadAsync(cancel))
            enterprises.Add(rows.GetGuid(0));
        return enterprises;
    }

    /// <summary>
    /// One JSON object a line, as in the database, including each number and hash, so that the file can be verified by itself.
    /// </summary>
    static async Task<(IReadOnlyList<ClosingEntry.Run> Gone, ClosingEntry.Archive File)> Export(
        NpgsqlConnection connection, DateOnly month, Guid enterprise, string folder, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "select seq, hash, to_json(activity)::text from activity where at >= $1 and at < $2 and enterprise_id = $3 order by seq",
            connection)
        { CommandTimeout = 0 };
        Between(command, month);
        command.Parameters.AddWithValue(enterprise);
        var (gone, entries) = (new List<ClosingEntry.Run>(), 0L);
        var unfinished = Path.Combine(folder, $"{month:yyyy-MM}.{enterprise}.unfinished");
        await using (var file = new FileStream(unfinished, FileMode.Create))
        {
            await using var zipped = new GZipStream(file, CompressionLevel.SmallestSize);
            await using var text = new StreamWriter(zipped, new UTF8Encoding(false)) { NewLine = "\n" };
            await using var rows = await command.ExecuteReaderAsync(cancel);
            while (await rows.ReadAsync(cancel))
            {
                var seq = rows.GetInt64(0);
                gone.Add(new(seq, seq, rows.GetFieldValue<byte[]>(1)));
                entries++;
                await text.WriteLineAsync(rows.GetString(2));
            }
        }
        await using var whole = File.OpenRead(unfinished);
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(whole, cancel));
        // A month may be archived again for an entry that came two years late.
        var name = string.Create(CultureInfo.InvariantCulture, $"{month:yyyy-MM}.{enterprise}.{gone[0].First}.ndjson.gz");
        File.Move(unfinished, Path.Combine(folder, name), overwrite: true);
        return (ClosingEntry.Joined(gone), new(name, hash, entries));
    }

    static void Between(NpgsqlCommand command, DateOnly month)
    {
        command.Parameters.AddWithValue(month.ToDateTime(default, DateTimeKind.Utc));
        command.Parameters.AddWithValue(month.AddMonths(1).ToDateTime(default, DateTimeKind.Utc));
    }

    static async Task Execute(NpgsqlConnection connection, string sql, DateOnly month, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue(month);
        await command.ExecuteNonQueryAsync(cancel);
    }
}

/// <summary>
/// A chain's statement about its archived entries. Each one repeats the previous ones, so that the newest is enough, even when the others
/// have been archived themselves.
/// </summary>
/// <param name="Gone">In order; adjacent runs are merged.</param>
public sealed record ClosingEntry(string Month, ClosingEntry.Archive File, IReadOnlyList<ClosingEntry.Run> Gone)
{
    static readonly string action = AuditActions.LogArchived.Key;

    /// <param name="Sha256">The hash of the file.</param>
    public sealed record Archive(string Name, string Sha256, long Entries);

    /// <param name="Hash">The last entry's hash, on which the next entry builds.</param>
    public sealed record Run(long First, long Last, byte[] Hash);

    public static readonly ClosingEntry None = new("", new("", "", 0), []);

    public ClosingEntry And(DateOnly month, Archive file, IReadOnlyList<Run> gone) =>
        new(month.ToString("yyyy-MM", CultureInfo.InvariantCulture), file, Joined(Gone.Concat(gone)));

    public Run? After(long seq) => Gone.FirstOrDefault(run => run.First == seq + 1);

    public static IReadOnlyList<Run> Joined(IEnumerable<Run> runs)
    {
        var joined = new List<Run>();
        foreach (var run in runs.OrderBy(run => run.First))
            if (joined.Count > 0 && joined[^1].Last + 1 == run.First)
                joined[^1] = run with { First = joined[^1].First };
            else
                joined.Add(run);
        return joined;
    }

    public ActivityRecorded AsActivity(Guid enterprise, DateTimeOffset now) =>
        new(Guid.CreateVersion7(now), now, enterprise, new(null, "Enterprise Portal", "", "system", enterprise),
        action, $"{Month}, {File.Entries} entries", null, "Audit", null, JsonSerializer.Serialize(this, JsonSerializerOptions.Web));

    /// <summary>Not verified yet: walking the chain does that when it gets there.</summary>
    public static async Task<ClosingEntry?> Newest(NpgsqlConnection connection, Guid enterprise, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "select details::text from activity where enterprise_id = $1 and action = $2 order by seq desc limit 1", connection);
        command.Parameters.AddWithValue(enterprise);
        command.Parameters.AddWithValue(action);
        return await command.ExecuteScalarAsync(cancel) is string details
            ? JsonSerializer.Deserialize<ClosingEntry>(details, JsonSerializerOptions.Web) : null;
    }
}
