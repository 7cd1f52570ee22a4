using System.IO.Pipelines;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;

namespace EnterprisePortal.Reports.Files;

/// <summary>
/// Collected files, encrypted in pieces: a reader of the database or its backup without the key of <c>DataProtection:Key</c> cannot read
/// any of them. No part of a report is in a file that a path could reach.
/// </summary>
sealed class ReportFiles(NpgsqlDataSource db, IDataProtectionProvider protection)
{
    public const int Piece = 256 * 1024;
    readonly IDataProtector protector = protection.CreateProtector("report-files");

    public byte[] Protect(ReadOnlyMemory<byte> piece) => protector.Protect(piece.ToArray());

    /// <summary>
    /// Uses the connection's transaction. A piece already stored under that number stays unchanged: only one of the two writers will commit
    /// its account's end.
    /// </summary>
    public async Task Keep(NpgsqlConnection connection, Guid runId, string account, int number, ReadOnlyMemory<byte> piece,
        CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "insert into report_file_part (run_id, account, number, data) values ($1, $2, $3, $4) on conflict do nothing", connection);
        command.Parameters.AddWithValue(runId);
        command.Parameters.AddWithValue(account);
        command.Parameters.AddWithValue(number);
        command.Parameters.AddWithValue(Protect(piece));
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Holds one piece in memory at a time.</summary>
    public Stream Open(Guid runId, string account, CancellationToken cancel)
    {
        var pipe = new Pipe();
        _ = Fill(pipe.Writer, runId, account, cancel);
        return pipe.Reader.AsStream();
    }

    async Task Fill(PipeWriter writer, Guid runId, string account, CancellationToken cancel)
    {
        try
        {
            await using var command = db.CreateCommand(
                "select data from report_file_part where run_id = $1 and account = $2 order by number");
            command.Parameters.AddWithValue(runId);
            command.Parameters.AddWithValue(account);
            await using var rows = await command.ExecuteReaderAsync(cancel);
            while (await rows.ReadAsync(cancel))
                if ((await writer.WriteAsync(protector.Unprotect(rows.GetFieldValue<byte[]>(0)), cancel)).IsCompleted)
                    break;
            await writer.CompleteAsync();
        }
        catch (Exception e)
        {
            await writer.CompleteAsync(e);
        }
    }
}
