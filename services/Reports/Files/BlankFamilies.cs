using System.Globalization;
using System.Text.Json;
using CsvHelper;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.ServiceDefaults;
using Npgsql;

namespace EnterprisePortal.Reports.Files;

/// <summary>
/// Removes erased families from collected files: their rows lose the personal columns, the amounts stay. Chunk by chunk, with the file's
/// row locked, so that if two families are erased at the same time, neither comes back with the other's version of the file.
/// </summary>
sealed class BlankFamilies(NpgsqlDataSource db, ReportFiles files)
{
    // New pieces are numbered after the old ones until the old ones are deleted.
    const int FirstNewNumber = 1_000_000;

    public async Task AllErasedSince(DateTimeOffset start, Guid runId, string account, CancellationToken cancel)
    {
        var families = new HashSet<string>();
        await using (var command = db.CreateCommand("select family_id from erased_family where account = $1 and erased_at >= $2"))
        {
            command.Parameters.AddWithValue(account);
            command.Parameters.AddWithValue(start);
            await using var rows = await command.ExecuteReaderAsync(cancel);
            while (await rows.ReadAsync(cancel))
                families.Add(rows.GetString(0));
        }
        await In(runId, account, families, cancel);
    }

    /// <summary>A repeated call finds nothing left to blank.</summary>
    public async Task In(Guid runId, string account, IReadOnlySet<string> families, CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (await Columns(connection, runId, account, cancel) is not { } columns)
            return;
        var family = columns.Select(column => column.Name).ToList().IndexOf("Family Id");
        if (family < 0 || !await Holds(runId, account, families, family, columns, cancel))
            return;
        await Rewrite(connection, runId, account, row => families.Contains(row.GetField(family) ?? ""), columns, cancel);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var change in (string[])
        [
            "delete from report_file_part where run_id = $1 and account = $2 and number < $3",
            "update report_file_part set number = number - $3 where run_id = $1 and account = $2"
        ])
            batch.BatchCommands.Add(new(change)
            {
                Parameters = { new() { Value = runId }, new() { Value = account }, new() { Value = FirstNewNumber } }
            });
        await batch.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    static async Task<IReadOnlyList<ReportColumn>?> Columns(
        NpgsqlConnection connection, Guid runId, string account, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "select about::text from report_file where run_id = $1 and account = $2 for update", connection);
        command.Parameters.AddWithValue(runId);
        command.Parameters.AddWithValue(account);
        return await command.ExecuteScalarAsync(cancel) is string about
            ? JsonSerializer.Deserialize<ReportFile>(about, JsonSerializerOptions.Web)!.Columns : null;
    }

    async Task<bool> Holds(Guid runId, string account, IReadOnlySet<string> families, int family, IReadOnlyList<ReportColumn> columns,
        CancellationToken cancel)
    {
        using var rows = Read(runId, account, cancel);
        await rows.ReadAsync();
        while (await rows.ReadAsync())
            if (families.Contains(rows.GetField(family) ?? "")
                && columns.Index().Any(column => column.Item.Personal && rows.GetField(column.Index) is { Length: > 0 }))
                return true;
        return false;
    }

    async Task Rewrite(NpgsqlConnection connection, Guid runId, string account, Func<CsvReader, bool> isErased,
        IReadOnlyList<ReportColumn> columns, CancellationToken cancel)
    {
        using var piece = new MemoryStream();
        await using var csv = new CsvRows(piece);
        using var rows = Read(runId, account, cancel);
        var number = FirstNewNumber;
        for (var header = true; await rows.ReadAsync(); header = false)
        {
            var erased = !header && isErased(rows);
            await csv.WriteExactly(columns.Select((column, at) => erased && column.Personal ? "" : rows.GetField(at)));
            if (piece.Length >= ReportFiles.Piece)
                await Keep();
        }
        await Keep();

        async Task Keep()
        {
            await csv.Flush();
            await files.Keep(connection, runId, account, number++, piece.GetBuffer().AsMemory(0, (int)piece.Length), cancel);
            piece.SetLength(0);
        }
    }

    CsvReader Read(Guid runId, string account, CancellationToken cancel) =>
        new(new StreamReader(files.Open(runId, account, cancel)), CultureInfo.InvariantCulture);
}
