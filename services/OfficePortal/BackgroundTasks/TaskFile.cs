using System.Globalization;
using System.IO.Pipelines;
using CsvHelper;
using CsvHelper.Configuration;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using MiniExcelLibs;
using Npgsql;

namespace EnterprisePortal.OfficePortal.BackgroundTasks;

/// <summary>The file of a finished task, read piece by piece: as it is for the portal, and as a page, CSV or workbook for people.</summary>
public sealed class TaskFile(NpgsqlDataSource db)
{
    public async Task CopyTo(Account account, Guid task, Func<ReadOnlyMemory<byte>, ValueTask<bool>> take, CancellationToken cancel)
    {
        await using var command = db.CreateCommand("select content from background_task_part where account = $1 and task = $2 order by number");
        command.Parameters.AddWithValue(account.Code);
        command.Parameters.AddWithValue(task);
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
            if (!await take(row.GetFieldValue<byte[]>(0)))
                return;
    }

    public async Task<IReadOnlyList<string[]>> Rows(Account account, Guid task, int skip, int take, CancellationToken cancel)
    {
        using var csv = Open(account, task, cancel);
        await csv.ReadAsync();
        for (; skip > 0 && await csv.ReadAsync(); skip--) { }
        var rows = new List<string[]>();
        while (rows.Count < take && await csv.ReadAsync())
            rows.Add(csv.Parser.Record!);
        return rows;
    }

    /// <summary>For a spreadsheet: a text it would take for a formula gets an apostrophe. https://owasp.org/www-community/attacks/CSV_Injection</summary>
    public async Task WriteCsv(Account account, Guid task, ReportFile about, Stream body, CancellationToken cancel)
    {
        using var csv = Open(account, task, cancel);
        await using var written = new CsvWriter(new StreamWriter(body), new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\r\n" });
        for (var header = true; await csv.ReadAsync(); header = false)
        {
            foreach (var (column, field) in csv.Parser.Record!.Index())
                written.WriteField(!header && about.Columns[column].Kind == "text" && field is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + field : field);
            await written.NextRecordAsync();
        }
    }

    /// <summary>MiniExcel pulls rows and writes synchronously: it runs on a thread of its own, a pipe's length ahead of the network.</summary>
    public async Task WriteWorkbook(Account account, Guid task, ReportFile about, Stream body, CancellationToken cancel)
    {
        var pipe = new Pipe();
        var writing = Task.Run(async () =>
        {
            await using var output = pipe.Writer.AsStream();
            output.SaveAs(new Dictionary<string, object> { ["Report"] = SheetRows(account, task, about, cancel), ["Totals"] = about.Totals.Select(total => new { Column = total.Key, Total = total.Value }) });
        }, CancellationToken.None);
        try
        {
            await pipe.Reader.CopyToAsync(body, cancel);
        }
        finally
        {
            // Whoever leaves in the middle does not leave the writer waiting for them.
            await pipe.Reader.CompleteAsync();
            await writing;
        }
    }

    IEnumerable<Dictionary<string, object?>> SheetRows(Account account, Guid task, ReportFile about, CancellationToken cancel)
    {
        using var csv = Open(account, task, cancel);
        csv.Read();
        while (csv.Read())
            yield return about.Columns.Index().ToDictionary(column => column.Item.Name, column => Cell(column.Item.Kind, csv.Parser.Record![column.Index]));
    }

    static object? Cell(string kind, string value) => value is "" ? null : kind switch
    {
        "money" => decimal.Parse(value, CultureInfo.InvariantCulture),
        "date" => DateOnly.Parse(value, CultureInfo.InvariantCulture).ToDateTime(TimeOnly.MinValue),
        _ => value
    };

    CsvReader Open(Account account, Guid task, CancellationToken cancel)
    {
        var pipe = new Pipe();
        _ = Fill();
        return new(new StreamReader(pipe.Reader.AsStream()), CultureInfo.InvariantCulture);

        async Task Fill()
        {
            try
            {
                await CopyTo(account, task, async piece => !(await pipe.Writer.WriteAsync(piece, cancel)).IsCompleted, cancel);
                await pipe.Writer.CompleteAsync();
            }
            catch (Exception e) when (e is NpgsqlException or IOException or OperationCanceledException)
            {
                await pipe.Writer.CompleteAsync(e); // the reader's next read fails with it
            }
        }
    }
}
