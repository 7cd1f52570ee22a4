using System.Text.Json;
using EnterprisePortal.Contracts.Activity;
using Npgsql;
using NpgsqlTypes;

namespace EnterprisePortal.Audit;

/// <summary>
/// The only way into the log: entries of one enterprise join its chain, and its new head is signed. Runs inside the caller's transaction;
/// after the commit, the caller passes the head to <see cref="SignedHeads.Note"/>.
/// </summary>
public sealed class AppendToLog(SigningKey key, TimeProvider clock)
{
    /// <param name="said">An entry whose id and time are already in the log is skipped.</param>
    /// <returns>The chain's head afterwards.</returns>
    public async Task<Chain.Head> Append(
        NpgsqlConnection connection, Guid enterprise, IEnumerable<ActivityRecorded> said, CancellationToken cancel)
    {
        var head = await TakeHead(connection, enterprise, cancel);
        // Checked after the head is locked: another replica may be adding the same entries.
        var entries = await NotYetThere(connection, [.. said.Select(AsKept).DistinctBy(entry => (entry.Id, entry.At))], cancel);
        if (entries.Count == 0)
            return head;
        foreach (var month in entries.Select(entry => new DateOnly(entry.At.Year, entry.At.Month, 1)).Distinct())
            await Run(connection, "select make_month($1)", cancel, month.ToDateTime(default, DateTimeKind.Utc));
        var (seq, hash) = (head.Seq, head.Hash);
        await using (var copy = await connection.BeginBinaryImportAsync(
            "copy activity (id, at, enterprise_id, person_id, person, person_email, level, group_id, action, subject, account, source, "
            + "ip, details, seq, hash) from stdin (format binary)", cancel))
        {
            foreach (var entry in entries)
            {
                hash = Chain.Link(++seq, entry, hash);
                await Write(copy, entry, seq, hash, cancel);
            }
            await copy.CompleteAsync(cancel);
        }
        await KnowActors(connection, enterprise, entries, cancel);
        return await MoveHead(connection, head with { Seq = seq, Hash = hash }, cancel);
    }

    /// <summary>
    /// In the form in which the database returns it, since the hash covers what is stored: microseconds in UTC, no NUL in a text, details
    /// that are valid JSON.
    /// </summary>
    static ActivityRecorded AsKept(ActivityRecorded said)
    {
        var at = said.At.ToUniversalTime();
        return said with
        {
            At = at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond)),
            Person = said.Person with
                { Name = Text(said.Person.Name) ?? "", Email = Text(said.Person.Email) ?? "", Level = Text(said.Person.Level) ?? "" },
            Action = Text(said.Action) ?? "", Subject = Text(said.Subject) ?? "", Account = Text(said.Account), Source = Text(said.Source)
                ?? "", Ip = Text(said.Ip),
            Details = said.Details is null || IsJson(said.Details) ? said.Details : JsonSerializer.Serialize(Text(said.Details))
        };
    }

    // One entry that the database refuses would hold up all the others of its batch.
    static string? Text(string? said) => said?.Replace('\0', '\uFFFD');

    static bool IsJson(string text)
    {
        try
        {
            using var _ = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Locks the enterprise's head until the transaction ends: entries join one after another.</summary>
    static async Task<Chain.Head> TakeHead(NpgsqlConnection connection, Guid enterprise, CancellationToken cancel)
    {
        await using var take = new NpgsqlCommand(
            """
            insert into chain_head (enterprise_id, seq, hash) values ($1, 0, $2)
            on conflict (enterprise_id) do update set seq = chain_head.seq returning seq, hash, at, signature
            """, connection);
        take.Parameters.AddWithValue(enterprise);
        take.Parameters.AddWithValue(Chain.Start);
        await using var row = await take.ExecuteReaderAsync(cancel);
        await row.ReadAsync(cancel);
        return new(enterprise, row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.IsDBNull(2) ? default
            : row.GetFieldValue<DateTimeOffset>(2), row.IsDBNull(3) ? null : row.GetString(3));
    }

    async Task<Chain.Head> MoveHead(NpgsqlConnection connection, Chain.Head head, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        head = head with { At = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond)) };
        head = head with { Signature = key.Sign(head.Statement) };
        await Run(connection, "update chain_head set seq = $2, hash = $3, at = $4, signature = $5 where enterprise_id = $1", cancel,
            head.Enterprise, head.Seq, head.Hash, head.At, head.Signature);
        return head;
    }

    static async Task<List<ActivityRecorded>> NotYetThere(
        NpgsqlConnection connection, List<ActivityRecorded> entries, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "select id, at from activity join unnest($1, $2) as said (id, at) using (id, at)", connection);
        command.Parameters.AddWithValue(entries.Select(entry => entry.Id).ToArray());
        command.Parameters.AddWithValue(entries.Select(entry => entry.At).ToArray());
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var there = new HashSet<(Guid, DateTimeOffset)>();
        while (await rows.ReadAsync(cancel))
            there.Add((rows.GetGuid(0), rows.GetFieldValue<DateTimeOffset>(1)));
        return [.. entries.Where(entry => !there.Contains((entry.Id, entry.At)))];
    }

    static async Task Write(NpgsqlBinaryImporter copy, ActivityRecorded entry, long seq, byte[] hash, CancellationToken cancel)
    {
        await copy.StartRowAsync(cancel);
        var person = entry.Person;
        foreach (var (value, type) in new (object?, NpgsqlDbType)[]
        {
            (entry.Id, NpgsqlDbType.Uuid), (entry.At, NpgsqlDbType.TimestampTz), (entry.EnterpriseId, NpgsqlDbType.Uuid),
            (person.Id, NpgsqlDbType.Uuid), (person.Name, NpgsqlDbType.Text), (person.Email, NpgsqlDbType.Text),
            (person.Level, NpgsqlDbType.Text), (person.GroupId, NpgsqlDbType.Uuid),
            (entry.Action, NpgsqlDbType.Text), (entry.Subject, NpgsqlDbType.Text), (entry.Account, NpgsqlDbType.Text),
            (entry.Source, NpgsqlDbType.Text), (entry.Ip, NpgsqlDbType.Text), (entry.Details, NpgsqlDbType.Json),
            (seq, NpgsqlDbType.Bigint), (hash, NpgsqlDbType.Bytea)
        })
            if (value is null)
                await copy.WriteNullAsync(cancel);
            else
                await copy.WriteAsync(value, type, cancel);
    }

    static Task KnowActors(NpgsqlConnection connection, Guid enterprise, List<ActivityRecorded> entries, CancellationToken cancel)
    {
        var actors = entries.Select(entry => entry.Person).Where(person => person.Id is not null)
            .DistinctBy(person => (person.Id, person.Name, person.Email)).ToList();
        return Run(connection, "insert into actor select $1, * from unnest($2, $3, $4) on conflict do nothing", cancel, enterprise,
            actors.Select(person => person.Id!.Value).ToArray(), actors.Select(person => person.Name).ToArray(),
            actors.Select(person => person.Email).ToArray());
    }

    static async Task Run(NpgsqlConnection connection, string sql, CancellationToken cancel, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
