using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.Audit;

/// <summary>
/// Walks an enterprise's chain and names the first entry that is not what was recorded: for its root Admins, and for operators on the
/// command line. The chain is compared with its signed head and with the heads kept outside the database; archived months are skipped if a
/// closing entry of the chain vouches for them.
/// </summary>
public sealed class VerifyChain(SigningKey key, SignedHeads heads, NpgsqlDataSource db)
{
    public static void Map(RouteGroupBuilder audit) =>
        audit.MapGet("/verify", Handle).RequireAuthorization(Policies.Admin).WithName(nameof(VerifyChain));

    static async Task<Results<Ok<LogVerdict>, ForbidHttpResult>> Handle(
        Person person, DirectoryReplica directory, VerifyChain verifier, CancellationToken cancel) =>
        directory.Of(person.GroupId)?.Id == person.GroupId
            ? TypedResults.Ok(await verifier.Verify(person.GroupId, cancel))
            : TypedResults.Forbid();

    /// <summary>
    /// <c>dotnet run --project services/Audit -- verify</c>: every enterprise, one line each. Exit code 1 if one is broken.
    /// </summary>
    public async Task<int> Run(CancellationToken cancel)
    {
        var enterprises = new List<Guid>();
        await using (
            var command = db.CreateCommand("select enterprise_id from chain_head union select enterprise_id from activity order by 1"))
        await using (var rows = await command.ExecuteReaderAsync(cancel))
            while (await rows.ReadAsync(cancel))
                enterprises.Add(rows.GetGuid(0));
        var broken = 0;
        foreach (var enterprise in enterprises)
        {
            var verdict = await Verify(enterprise, cancel);
            broken += verdict.Ok ? 0 : 1;
            var words = verdict.Ok ? "unbroken" : $"BROKEN at {verdict.FirstBroken}: {verdict.Problem}";
            Console.WriteLine($"{enterprise}: {words} ({verdict.Entries} entries)");
        }
        return broken == 0 ? 0 : 1;
    }

    public async Task<LogVerdict> Verify(Guid enterprise, CancellationToken cancel)
    {
        IReadOnlyList<Chain.Head> outside;
        try
        {
            // Read before the database: a head noted here was committed there.
            outside = await heads.Of(enterprise, cancel);
        }
        catch (BentFile e)
        {
            return new(false, 0, e.Message, "This signed head was changed.");
        }
        await using var connection = await db.OpenConnectionAsync(cancel);
        // A consistent view of the log while new entries join.
        await using var moment = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancel);
        var head = await ReadHead(connection, enterprise, cancel);
        var archived = await ClosingEntry.Newest(connection, enterprise, cancel);

        var (seq, hash, entries) = (0L, Chain.Start, 0L);
        using var next = outside.GetEnumerator();
        var noted = next.MoveNext() ? next.Current : null;
        await using var command = new NpgsqlCommand(
            """
            select seq, hash, id, at, person_id, person, person_email, level, group_id, action, subject, account, source, ip, details::text
            from activity where enterprise_id = $1 order by seq
            """, connection)
        { CommandTimeout = 0 };
        command.Parameters.AddWithValue(enterprise);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
        {
            var (number, kept, entry) = (rows.GetInt64(0), rows.GetFieldValue<byte[]>(1), Read(rows, enterprise));
            if (number > seq + 1 && archived?.After(seq) is { } gone)
                (seq, hash) = (gone.Last, gone.Hash);
            if (number > seq + 1)
                return new(false, entries, $"#{seq + 1}", "This entry is gone.");
            if (number <= seq || !Chain.Link(number, entry, hash).AsSpan().SequenceEqual(kept))
                return new(false, entries, $"{entry.Id}", "This entry is not what was recorded.");
            (seq, hash, entries) = (number, kept, entries + 1);
            while (noted is not null && noted.Seq < seq)
                noted = next.MoveNext() ? next.Current : null;
            if (noted?.Seq == seq && !noted.Hash.AsSpan().SequenceEqual(hash))
                return new(false, entries - 1, $"{entry.Id}",
                    $"This entry, or one before it, was rewritten: the head signed at {noted.At:u} is another.");
        }

        var newest = outside.Count > 0 ? outside[^1] : null;
        if (Math.Max(head?.Seq ?? 0, newest?.Seq ?? 0) is var known && known > seq)
            return new(false, entries, $"#{seq + 1}", newest?.Seq > head?.Seq
                ? "This entry is gone, and what the database says of the end was rewritten: "
                    + $"at {newest.At:u} there were {newest.Seq} entries."
                : "This entry is gone.");
        if (seq == 0)
            return new(true, 0, null, null);
        if (head is null || head.Seq < seq || !head.Hash.AsSpan().SequenceEqual(hash))
            return new(false, entries, $"#{seq}", "The chain's head does not belong to its last entry.");
        if (!key.IsSigned(head.Statement, head.Signature))
            return new(false, entries, $"#{seq}", "The chain's head is not signed by this portal.");
        return newest is null
            ? new(false, entries, $"#{seq}",
                "No signed head of this chain is kept outside of the database, so that nobody can say whether newer entries were removed.")
            : new(true, entries, null, null);
    }

    static async Task<Chain.Head?> ReadHead(NpgsqlConnection connection, Guid enterprise, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select seq, hash, at, signature from chain_head where enterprise_id = $1", connection);
        command.Parameters.AddWithValue(enterprise);
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel)
            ? new(enterprise, row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.IsDBNull(2) ? default
                : row.GetFieldValue<DateTimeOffset>(2), row.IsDBNull(3) ? null : row.GetString(3))
            : null;
    }

    static ActivityRecorded Read(NpgsqlDataReader row, Guid enterprise)
    {
        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
        return new(row.GetGuid(2), row.GetFieldValue<DateTimeOffset>(3), enterprise,
            new(row.IsDBNull(4) ? null : row.GetGuid(4), row.GetString(5), row.GetString(6), row.GetString(7), row.GetGuid(8)),
            row.GetString(9), row.GetString(10), Text(11), row.GetString(12), Text(13), Text(14));
    }
}
