using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using EnterprisePortal.Contracts.Activity;
using Npgsql;

namespace EnterprisePortal.Audit;

/// <summary>Every enterprise's entries form a chain: a changed, inserted or removed one shows, because every later hash depends on it.</summary>
public static class Chain
{
    public readonly record struct Head(long Seq, byte[] Hash);

    public static readonly Head Start = new(0, new byte[SHA256.HashSizeInBytes]);

    /// <summary>Holds the enterprise's head until the transaction ends: entries join one after another.</summary>
    public static async Task<Head> TakeHead(NpgsqlConnection connection, Guid enterprise)
    {
        await using var make = new NpgsqlCommand("insert into chain_head (enterprise_id, seq, hash) values ($1, 0, $2) on conflict do nothing", connection);
        make.Parameters.AddWithValue(enterprise);
        make.Parameters.AddWithValue(Start.Hash);
        await make.ExecuteNonQueryAsync();
        await using var take = new NpgsqlCommand("select seq, hash from chain_head where enterprise_id = $1 for update", connection);
        take.Parameters.AddWithValue(enterprise);
        await using var row = await take.ExecuteReaderAsync();
        await row.ReadAsync();
        return new(row.GetInt64(0), row.GetFieldValue<byte[]>(1));
    }

    public static async Task MoveHead(NpgsqlConnection connection, Guid enterprise, Head head)
    {
        await using var command = new NpgsqlCommand("update chain_head set seq = $2, hash = $3 where enterprise_id = $1", connection);
        command.Parameters.AddWithValue(enterprise);
        command.Parameters.AddWithValue(head.Seq);
        command.Parameters.AddWithValue(head.Hash);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>SHA-256 over the hash before and the entry as a JSON array, whose quoting keeps every field apart from its neighbours.</summary>
    public static byte[] Link(long seq, ActivityRecorded entry, byte[] before)
    {
        var fields = JsonSerializer.SerializeToUtf8Bytes(new[]
        {
            seq.ToString(CultureInfo.InvariantCulture), $"{entry.Id}", entry.At.ToString("O", CultureInfo.InvariantCulture), $"{entry.EnterpriseId}",
            entry.Person.Id?.ToString(), entry.Person.Name, entry.Person.Email, entry.Person.Level, $"{entry.Person.GroupId}",
            entry.Action, entry.Subject, entry.Account, entry.Source, entry.Ip, entry.Details
        });
        return SHA256.HashData([.. before, .. fields]);
    }
}
