using System.IO.Pipelines;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;

namespace EnterprisePortal.Reports.Files;

/// <summary>Collected files, encrypted in pieces: whoever reads the database or its backup reads nothing of them.</summary>
sealed class ReportFiles(NpgsqlDataSource db, IDataProtectionProvider protection)
{
    readonly IDataProtector protector = protection.CreateProtector("report-files");

    public byte[] Protect(ReadOnlyMemory<byte> piece) => protector.Protect(piece.ToArray());

    /// <summary>One piece in memory at a time.</summary>
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
            await using var command = db.CreateCommand("select data from report_file_part where run_id = $1 and account = $2 order by number");
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
