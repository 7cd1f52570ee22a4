using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.Audit;

/// <summary>Walks an enterprise's chain and names the first entry that is not what was recorded: for its root Admins, and for operators on the command line.</summary>
public static class VerifyChain
{
    /// <param name="FirstBroken">The entry's id; <c>#12</c> where the twelfth is gone.</param>
    public record Verdict(bool Ok, long Entries, string? FirstBroken, string? Problem);

    public static void Map(RouteGroupBuilder audit) => audit.MapGet("/verify", Handle).RequireAuthorization(Policies.Admin).WithName(nameof(VerifyChain));

    static async Task<Results<Ok<Verdict>, ForbidHttpResult>> Handle(Person person, DirectoryReplica directory, NpgsqlDataSource db, CancellationToken cancel) =>
        directory.Of(person.GroupId)?.Id == person.GroupId
            ? TypedResults.Ok(await Verify(db, person.GroupId, cancel))
            : TypedResults.Forbid();

    /// <summary><c>dotnet run --project services/Audit -- verify</c>: every enterprise, one line each. Exit code 1 where one is broken.</summary>
    public static async Task<int> Run(NpgsqlDataSource db, CancellationToken cancel)
    {
        var enterprises = new List<Guid>();
        await using (var command = db.CreateCommand("select enterprise_id from chain_head union select enterprise_id from activity order by 1"))
        await using (var rows = await command.ExecuteReaderAsync(cancel))
            while (await rows.ReadAsync(cancel))
                enterprises.Add(rows.GetGuid(0));
        var broken = 0;
        foreach (var enterprise in enterprises)
        {
            var verdict = await Verify(db, enterprise, cancel);
            broken += verdict.Ok ? 0 : 1;
            Console.WriteLine($"{enterprise}: {(verdict.Ok ? "unbroken" : $"BROKEN at {verdict.FirstBroken}: {verdict.Problem}")} ({verdict.Entries} entries)");
        }
        return broken == 0 ? 0 : 1;
    }

    public static async Task<Verdict> Verify(NpgsqlDataSource db, Guid enterprise, CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        // One moment of the log, although entries join while it is read.
        await using var moment = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancel);
        var head = await ReadHead(connection, enterprise, cancel);
        var (reached, entries) = (Chain.Start, 0L);
        await using var command = new NpgsqlCommand(
            """
            select seq, hash, id, at, person_id, person, person_email, level, group_id, action, subject, account, source, ip, details::text
            from activity where enterprise_id = $1 order by seq
            """, connection);
        command.Parameters.AddWithValue(enterprise);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
        {
            var (seq, hash, entry) = (rows.GetInt64(0), rows.GetFieldValue<byte[]>(1), Read(rows, enterprise));
            if (seq > reached.Seq + 1)
                return new(false, entries, $"#{reached.Seq + 1}", "This entry is gone.");
            if (seq <= reached.Seq || !Chain.Link(seq, entry, reached.Hash).AsSpan().SequenceEqual(hash))
                return new(false, entries, $"{entry.Id}", "This entry is not what was recorded.");
            (reached, entries) = (new(seq, hash), entries + 1);
        }
        return head.Seq > reached.Seq ? new(false, entries, $"#{reached.Seq + 1}", "This entry is gone.")
            : !head.Hash.AsSpan().SequenceEqual(reached.Hash) ? new(false, entries, $"#{reached.Seq}", "The chain's head does not belong to its last entry.")
            : new(true, entries, null, null);
    }

    static async Task<Chain.Head> ReadHead(NpgsqlConnection connection, Guid enterprise, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select seq, hash from chain_head where enterprise_id = $1", connection);
        command.Parameters.AddWithValue(enterprise);
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel) ? new(row.GetInt64(0), row.GetFieldValue<byte[]>(1)) : Chain.Start;
    }

    static ActivityRecorded Read(NpgsqlDataReader row, Guid enterprise)
    {
        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
        return new(row.GetGuid(2), row.GetFieldValue<DateTimeOffset>(3), enterprise,
            new(row.IsDBNull(4) ? null : row.GetGuid(4), row.GetString(5), row.GetString(6), row.GetString(7), row.GetGuid(8)),
            row.GetString(9), row.GetString(10), Text(11), row.GetString(12), Text(13), Text(14));
    }
}
