using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using CsvHelper;
using Dapper;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.ServiceDefaults;
using MiniExcelLibs;
using MiniExcelLibs.Attributes;
using MiniExcelLibs.OpenXml;
using Npgsql;

namespace EnterprisePortal.OfficePortal.BackgroundTasks;

/// <summary>
/// The file of a finished task, read piece by piece: unchanged for the portal, and as a page, CSV or workbook for people.
/// </summary>
public sealed class TaskFile(NpgsqlDataSource db)
{
    const int PieceLength = 256 * 1024;

    public async Task CopyTo(Account account, Guid task, Func<ReadOnlyMemory<byte>, ValueTask<bool>> take, CancellationToken cancel)
    {
        await using var command = db.CreateCommand(
            "select content from background_task_part where account = $1 and task = $2 order by number");
        command.Parameters.AddWithValue(account.Code);
        command.Parameters.AddWithValue(task);
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
            if (!await take(row.GetFieldValue<byte[]>(0)))
                return;
    }

    /// <summary>
    /// Removes the personal columns from the rows of an erased family in every stored file; amounts stay. A report that is being written
    /// starts again, and a queued one waits for the caller's commit.
    /// </summary>
    public async Task Blank(NpgsqlConnection connection, Account account, long family, CancellationToken cancel)
    {
        await connection.ExecuteAsync(
            "update background_task set state = 'queued', progress = 0 where account = @Code and state in ('queued', 'running')", new
                { account.Code });
        foreach (var (task, json) in (
            await connection.QueryAsync<(Guid, string)>(
                "select id, about::text from background_task where account = @Code and state = 'ready' for update", new { account.Code }))
                    .AsList())
        {
            var columns = JsonSerializer.Deserialize<ReportFile>(json, JsonSerializerOptions.Web)!.Columns;
            if (columns.Select(column => column.Name).ToList().IndexOf("Family Id") is >= 0 and var at
                && await Blanked(account, task, columns, at, $"{family}", cancel) is { } pieces)
            {
                await connection.ExecuteAsync("delete from background_task_part where account = @Code and task = @task", new
                    { account.Code, task });
                foreach (var (number, content) in pieces.Index())
                    await connection.ExecuteAsync(
                        "insert into background_task_part (account, task, number, content) values (@Code, @task, @number, @content)", new
                            { account.Code, task, number, content });
            }
        }
    }

    /// <returns>null if the family is not in it.</returns>
    async Task<List<byte[]>?> Blanked(
        Account account, Guid task, IReadOnlyList<ReportColumn> columns, int familyAt, string family, CancellationToken cancel)
    {
        var (pieces, piece, found) = (new List<byte[]>(), new MemoryStream(), false);
        await using var written = new CsvRows(piece);
        using var csv = Open(account, task, cancel);
        for (var header = true; await csv.ReadAsync(); header = false)
        {
            var erased = !header && csv.GetField(familyAt) == family;
            found |= erased;
            await written.WriteExactly(columns.Select((column, at) => erased && column.Personal ? "" : csv.GetField(at)));
            if (piece.Length >= PieceLength)
                await Cut();
        }
        await Cut();
        return found ? pieces : null;

        async Task Cut()
        {
            await written.Flush();
            pieces.Add(piece.ToArray());
            piece.SetLength(0);
        }
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

    /// <summary>For a spreadsheet: with a byte order mark, and with texts that look like a formula made harmless.</summary>
    public async Task WriteCsv(Account account, Guid task, ReportFile about, Stream body, CancellationToken cancel)
    {
        using var csv = Open(account, task, cancel);
        await using var written = new CsvRows(body, forSpreadsheets: true);
        for (var header = true; await csv.ReadAsync(); header = false)
            await written.WriteExactly(csv.Parser.Record!.Select(
                (field, column) => !header && about.Columns[column].Kind == "text" ? CsvRows.Harmless(field) : field));
    }

    /// <summary>MiniExcel pulls rows and writes synchronously: it runs on a thread of its own, a pipe's length ahead of the
    /// network.</summary>
    public async Task WriteWorkbook(Account account, Guid task, ReportFile about, Stream body, CancellationToken cancel)
    {
        var pipe = new Pipe();
        var writing = Task.Run(async () =>
        {
            await using var output = pipe.Writer.AsStream();
            var format = CurrencyFormat.Of([account.Country]);
            var sheets = new Dictionary<string, object>
            {
                ["Report"] = SheetRows(account, task, about, cancel), ["Totals"] = new[] { Totals(about) }
            };
            var money = about.Columns.Where(column => column.Kind == "money")
                .Select(column => new DynamicExcelColumn(column.Name) { Format = format });
            output.SaveAs(sheets, configuration: new OpenXmlConfiguration { DynamicColumns = [.. money] });
        }, CancellationToken.None);
        try
        {
            await pipe.Reader.CopyToAsync(body, cancel);
        }
        finally
        {
            // If the client disconnects, the writer must not wait for it forever.
            await pipe.Reader.CompleteAsync();
            await writing;
        }
    }

    /// <summary>The rows that count, those of each section, and the money.</summary>
    static Dictionary<string, object> Totals(ReportFile about)
    {
        var totals = new Dictionary<string, object> { ["Rows"] = about.CountingRows };
        foreach (var (section, rows) in about.Sections ?? new Dictionary<string, int>())
            totals[section] = rows;
        foreach (var (column, total) in about.Totals)
            totals[column] = total;
        return totals;
    }

    IEnumerable<Dictionary<string, object?>> SheetRows(Account account, Guid task, ReportFile about, CancellationToken cancel)
    {
        using var csv = Open(account, task, cancel);
        csv.Read();
        while (csv.Read())
            yield return about.Columns.Index()
                .ToDictionary(column => column.Item.Name, column => Cell(column.Item.Kind, csv.Parser.Record![column.Index]));
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
