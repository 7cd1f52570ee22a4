using System.Buffers;
using System.Data;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using Npgsql;

namespace EnterprisePortal.OfficePortal.AccountApi;

/// <summary>
/// <c>GET snapshot</c>: the whole account as lines, straight from the database's cursor to the network. One repeatable-read transaction, so
/// that a change made in the meantime is in the change feed after the header's cursor, and not half in here.
/// </summary>
public static class ReadSnapshot
{
    public static void Map(RouteGroupBuilder api) => api.MapGet("/snapshot", Handle).WithName(nameof(ReadSnapshot))
        .OpensWith(AccountScopes.Families).Produces(StatusCodes.Status200OK, contentType: "application/x-ndjson");

    static async Task Handle(Account account, HttpResponse response, NpgsqlDataSource db, TimeProvider clock, CancellationToken cancel)
    {
        response.ContentType = "application/x-ndjson";
        var lines = new Lines(response.Body);
        await using var connection = await db.OpenConnectionAsync(cancel);
        var takenAt = clock.GetUtcNow(); // before the transaction's first read: newer data never has an older time
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
        var today = account.Today(clock);

        await lines.Add(new SnapshotHeader(
            account.Code, takenAt, (await ChangeCursor.Last(connection, account.Code, today, cancel)).ToString(),
            await PastDays.Read(connection, account, today, cancel)), cancel);
        var families = 0;
        await foreach (var family in Rows(connection, Families, PortalFamily.Read, account, today, cancel))
        {
            families++;
            await lines.Add(family, cancel);
        }
        var names = 0;
        await foreach (var name in Rows(
            connection, Names, row => new AccountName(row.GetString(0), row.GetString(1), row.GetInt32(2)), account, today, cancel))
        {
            names++;
            await lines.Add(name, cancel);
        }
        await lines.End(hash => new SnapshotTrailer(families, names, hash), cancel);
    }

    const string Families = PortalFamily.Select + " where f.account = @account and f.erased_at is null order by f.id";

    const string Names = """
        select 'level', l.name, (select count(*) from class c where c.account = l.account and c.level = l.id)::int from level l
          where l.account = @account
        union all
        select 'program', p.name, (select count(*) from class c where c.account = p.account and c.program = p.id)::int from program p
          where p.account = @account
        union all
        select 'charge-category', k.name, (select count(*) from charge c where c.account = k.account and c.category = k.id)::int
          from charge_category k where k.account = @account
        order by 1, 2
        """;

    static async IAsyncEnumerable<T> Rows<T>(
        NpgsqlConnection connection,
        string sql,
        Func<NpgsqlDataReader, T> read,
        Account account,
        DateOnly today,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new("account", account.Code), new("today", today) } };
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
            yield return read(row);
    }

    /// <summary>Collects lines into blocks and hashes what it sends.</summary>
    sealed class Lines(Stream body)
    {
        const int Piece = 32 * 1024;
        readonly ArrayBufferWriter<byte> buffer = new(Piece + 4096);
        readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public async ValueTask Add(SnapshotLine line, CancellationToken cancel)
        {
            Write(line);
            if (buffer.WrittenCount < Piece)
                return;
            hash.AppendData(buffer.WrittenSpan);
            await body.WriteAsync(buffer.WrittenMemory, cancel);
            buffer.ResetWrittenCount();
        }

        public async Task End(Func<string, SnapshotTrailer> trailer, CancellationToken cancel)
        {
            hash.AppendData(buffer.WrittenSpan);
            Write(trailer(Convert.ToHexStringLower(hash.GetHashAndReset())));
            await body.WriteAsync(buffer.WrittenMemory, cancel);
            hash.Dispose();
        }

        void Write(SnapshotLine line)
        {
            using (var json = new Utf8JsonWriter(buffer))
                JsonSerializer.Serialize(json, line, SnapshotJson.Default.SnapshotLine);
            buffer.Write("\n"u8);
        }
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SnapshotLine))]
sealed partial class SnapshotJson : JsonSerializerContext;
