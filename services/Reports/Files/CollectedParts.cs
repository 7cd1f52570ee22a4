using EnterprisePortal.Contracts.AccountApi;
using Npgsql;

namespace EnterprisePortal.Reports.Files;

/// <summary>
/// A file on its way from an account. One piece, as most are, waits in memory until the account's end is written; what is longer goes before that,
/// in the same transaction.
/// </summary>
sealed class CollectedParts(NpgsqlDataSource db, ReportFiles files, Guid runId, string account, ReportFile about) : IAsyncDisposable
{
    NpgsqlConnection? connection;
    int number;

    /// <summary>As the account described it, and once it is read as it was found to be.</summary>
    public ReportFile About { get; set; } = about;

    /// <summary>Encrypted, like the others.</summary>
    public byte[] First { get; private set; } = [];

    /// <summary>Holds all pieces but the first; null where there are none.</summary>
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

    /// <summary>Nothing is kept of what was not committed.</summary>
    public async ValueTask DisposeAsync()
    {
        await (Transaction?.DisposeAsync() ?? default);
        await (connection?.DisposeAsync() ?? default);
    }
}
