using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EnterprisePortal.ServiceDefaults.Database;

/// <summary>
/// For work that only one replica does at a time, by name: <c>await using var alone = await db.Lock("migrate", cancel)</c>. PostgreSQL
/// scopes locks to a database, so each service has its own names; the number is <c>hashtextextended(name, 0)</c>, in SQL as in C#. The
/// server releases a lock with its connection, even after a kill -9. Earlier versions used numbers instead: while both versions run during
/// an upgrade, work that is normally done once may be done twice, and none of it minds (only the newer version has scripts to migrate, rows
/// are claimed, a second vacuum does no harm).
/// </summary>
/// <param name="ownsConnection">The connection is disposed of with the lock.</param>
public sealed class AdvisoryLock(NpgsqlConnection connection, string name, bool ownsConnection) : IAsyncDisposable
{
    /// <summary>The lock's own connection; work may be done on it.</summary>
    public NpgsqlConnection Connection => connection;

    public async ValueTask DisposeAsync()
    {
        try
        {
            // A pooled connection would keep the lock until it is used again.
            if (connection.State == System.Data.ConnectionState.Open)
                await AdvisoryLocks.Ask(connection, "pg_advisory_unlock", name, CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // The connection is broken, and the lock is gone with it.
        }
        if (ownsConnection)
            await connection.DisposeAsync();
    }
}

public static class AdvisoryLocks
{
    /// <summary>Waits until the lock is free.</summary>
    public static async Task<AdvisoryLock> Lock(this NpgsqlDataSource db, string name, CancellationToken cancel) =>
        (await Open(db, "pg_advisory_lock", name, cancel))!;

    /// <returns>null if another holder has it.</returns>
    public static Task<AdvisoryLock?> TryLock(this NpgsqlDataSource db, string name, CancellationToken cancel) =>
        Open(db, "pg_try_advisory_lock", name, cancel);

    /// <summary>The connection stays the caller's.</summary>
    public static async Task<AdvisoryLock?> TryLock(this NpgsqlConnection connection, string name, CancellationToken cancel) =>
        await Ask(connection, "pg_try_advisory_lock", name, cancel) ? new(connection, name, ownsConnection: false) : null;

    /// <summary>Waits for the lock and holds it until the context's transaction ends.</summary>
    public static Task LockToCommit(this ServiceDb db, string name, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({name}, 0))", cancel);

    static async Task<AdvisoryLock?> Open(NpgsqlDataSource db, string function, string name, CancellationToken cancel)
    {
        var connection = await db.OpenConnectionAsync(cancel);
        try
        {
            if (await Ask(connection, function, name, cancel))
                return new(connection, name, ownsConnection: true);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
        await connection.DisposeAsync();
        return null;
    }

    /// <returns>False if another holder has it; <c>pg_advisory_lock</c> returns nothing, and only once it has the lock.</returns>
    internal static async Task<bool> Ask(NpgsqlConnection connection, string function, string name, CancellationToken cancel)
    {
        // No timeout, however long another holder takes.
        await using var command = new NpgsqlCommand($"select {function}(hashtextextended($1, 0))", connection) { CommandTimeout = 0 };
        command.Parameters.AddWithValue(name);
        return await command.ExecuteScalarAsync(cancel) is not false;
    }
}
