using System.Globalization;
using System.Text.Json;
using CsvHelper;
using CsvHelper.Configuration;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Sync;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Reports.Files;

/// <summary>
/// A family was erased in its account: its rows in kept files lose their personal columns, the amounts stay. Repeating it finds
/// nothing left to blank.
/// </summary>
sealed class EraseFamily(ReportsDb db, ReportFiles files) : IConsumer<FamilyErased>
{
    const int Piece = 256 * 1024;

    public async Task Consume(ConsumeContext<FamilyErased> context)
    {
        var kept = await db.RunAccounts.AsNoTracking().Where(row => row.Account == context.Message.Account && row.File != null).ToListAsync(context.CancellationToken);
        foreach (var row in kept)
            if (await Blank(row, context.Message.FamilyId, context.CancellationToken) is { } blanked)
                await Replace(row, blanked, context.CancellationToken);
    }

    /// <returns>The file anew; null where the family is not in it.</returns>
    async Task<byte[]?> Blank(RunAccount row, string family, CancellationToken cancel)
    {
        var columns = JsonSerializer.Deserialize<ReportFile>(row.File!, JsonSerializerOptions.Web)!.Columns;
        var id = columns.ToList().FindIndex(column => column.Name == "Family Id");
        if (id < 0)
            return null;
        var found = false;
        using var file = new MemoryStream();
        await using (var csv = new CsvWriter(new StreamWriter(file, leaveOpen: true), new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\r\n" }))
        using (var rows = new CsvReader(new StreamReader(files.Open(row.RunId, row.Account, cancel)), CultureInfo.InvariantCulture))
            for (var header = true; await rows.ReadAsync(); header = false)
            {
                var erased = !header && rows.GetField(id) == family;
                found |= erased;
                for (var column = 0; column < columns.Count; column++)
                    csv.WriteField(erased && columns[column].Personal ? "" : rows.GetField(column));
                await csv.NextRecordAsync();
            }
        return found ? file.ToArray() : null;
    }

    async Task Replace(RunAccount row, byte[] file, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.FileParts.Where(part => part.RunId == row.RunId && part.Account == row.Account).ExecuteDeleteAsync(cancel);
        foreach (var (number, piece) in file.Chunk(Piece).Index())
            await db.Database.ExecuteSqlAsync($"insert into report_file_part (run_id, account, number, data) values ({row.RunId}, {row.Account}, {number}, {files.Protect(piece)})", cancel);
        await transaction.CommitAsync(cancel);
    }
}
