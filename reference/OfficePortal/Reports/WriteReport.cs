using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using EnterprisePortal.Contracts.AccountApi;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Reports;

/// <summary>
/// From the database's cursor to CSV (RFC 4180, invariant, one header row) in pieces, with running totals of the money: memory stays flat
/// whatever the number of rows. One statement, hence one consistent state of the account.
/// </summary>
static class WriteReport
{
    const int Piece = 256 * 1024;

    /// <param name="keep">Receives a piece and how much of the report is written so far, in percent; returns false to stop.</param>
    /// <returns>The file's description, or null if it was stopped.</returns>
    public static async Task<ReportFile?> Run(NpgsqlConnection connection, Report report, ReportQuery query,
        Func<ReadOnlyMemory<byte>, int, Task<bool>> keep, CancellationToken cancel)
    {
        using var buffer = new MemoryStream();
        await using var csv = new CsvWriter(
            new StreamWriter(buffer, new UTF8Encoding(false)), new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\r\n" });
        foreach (var column in query.Columns)
            csv.WriteField(column.Name);
        await csv.NextRecordAsync();

        // A report reads whole ranges. The planner chooses nested loops for it only if its statistics are outdated, as after an import, and
        // they then take minutes.
        await using (var plan = new NpgsqlCommand("set enable_nestloop = off", connection))
            await plan.ExecuteNonQueryAsync(cancel);
        await using var command = query.Command(connection);
        await using var row = await command.ExecuteReaderAsync(cancel);
        var places = query.Columns.Select(column => row.GetOrdinal(ReportQuery.InSql(column))).ToArray();
        var (section, all) = (query.Columns.ToList().FindIndex(column => column.Name == "Section"), row.GetOrdinal("all_rows"));
        var outside = report.Described.OutsideTotal;
        var sections = report.Described.Sections.ToDictionary(name => name, _ => 0);
        var totals = new decimal[places.Length];
        var rows = 0;
        while (await row.ReadAsync(cancel))
        {
            var counts = section < 0 || !outside.Contains(row.GetString(places[section]));
            if (section >= 0)
                sections[row.GetString(places[section])]++;
            for (var column = 0; column < places.Length; column++)
            {
                csv.WriteField(Field(row, places[column], query.Columns[column].Kind));
                if (counts && query.Columns[column].Kind == "money")
                    totals[column] += row.GetDecimal(places[column]);
            }
            await csv.NextRecordAsync();
            rows++;
            if (buffer.Length >= Piece && !await KeepPiece((int)(rows * 100L / row.GetInt64(all))))
                return null;
        }
        await csv.FlushAsync();
        return await KeepPiece(100)
            ? new($"{query.Name}.csv", rows, query.Columns,
                query.Columns.Index().Where(column => column.Item.Kind == "money")
                    .ToDictionary(column => column.Item.Name, column => totals[column.Index]),
                outside, sections)
            : null;

        async Task<bool> KeepPiece(int percent)
        {
            var more = await keep(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), percent);
            buffer.SetLength(0);
            return more;
        }
    }

    static string? Field(NpgsqlDataReader row, int place, string kind) => row.IsDBNull(place) ? null : kind switch
    {
        "money" => row.GetDecimal(place).ToString("0.00", CultureInfo.InvariantCulture),
        "date" => row.GetFieldValue<DateOnly>(place).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => row.GetString(place)
    };
}
