using EnterprisePortal.Contracts.AccountApi;
using Npgsql;

namespace EnterprisePortal.Reports.Files;

/// <summary>
/// A file on its way from an account. The first piece, for most files the only one, waits in memory until the account's end is written; the
/// others are written before that, in the same transaction.
/// </summary>
sealed class CollectedParts(NpgsqlDataSource db, ReportFiles files, Guid runId, string account, ReportFile about) : IAsyncDisposable
{
    NpgsqlConnection? connection;
    int number;

    /// <summary>The account's description of the file; once the file is read, the counted values.</summary>
    public ReportFile About { get; set; } = about;

    /// <summary>Encrypted, like the other pieces.</summary>
    public byte[] First { get; private set; } = [];

    /// <summary>Holds all pieces but the first; null if there are none.</summary>
    public NpgsqlTransaction? Transaction { get; private set; }

    public async Task Add(ReadOnlyMemory<byte> piece, CancellationToken cancel)
    {
        if (number++ == 0)
        {
            First = files.Protect(piece);
            return;
        }
        connection ??= await db.OpenConnectionAsync(cancel);
        Transaction ??= await connection.BeginTransactionAsync(cancel);
        await files.Keep(connection, runId, account, number - 1, piece, cancel);
    }

    /// <summary>Uncommitted pieces are not kept.</summary>
    public async ValueTask DisposeAsync()
    {
        await (Transaction?.DisposeAsync() ?? default);
        await (connection?.DisposeAsync() ?? default);
    }
}
