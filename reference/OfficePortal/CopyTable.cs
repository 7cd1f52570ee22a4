using Npgsql;

namespace EnterprisePortal.OfficePortal;

/// <summary>Rows to be inserted into one table by binary COPY.</summary>
/// <param name="columns">Table and columns: <c>email (account, family, email)</c>. Values have the same order.</param>
sealed class CopyTable(string columns)
{
    readonly List<object?[]> rows = [];

    /// <param name="row">Values of the columns' exact types, since binary COPY converts nothing: long for bigint, JsonElement for
    /// jsonb.</param>
    public void Add(params object?[] row) => rows.Add(row);

    public async Task Copy(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"copy {columns} from stdin (format binary)", cancel);
        foreach (var row in rows)
            await copy.WriteRowAsync(cancel, row);
        await copy.CompleteAsync(cancel);
    }
}
