using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EnterprisePortal.ServiceDefaults.Database;

/// <summary>
/// What only one replica does at a time, by name: <c>await using var alone = await db.Lock("migrate", cancel)</c>. PostgreSQL counts
/// locks by database, so each service has its names to itself; the number is <c>hashtextextended(name, 0)</c>, for SQL as for C#. The
/// server takes a lock back with its connection, also after a kill -9. Versions before this one had numbers instead: beside one of them,
/// during an upgrade, work may be done twice that is done alone otherwise, and none of it minds (scripts of a migration are those of
/// the newer version only, rows are claimed, a vacuum is a vacuum).
/// </summary>
/// <param name="ownsConnection">It goes with the lock.</param>
public sealed class AdvisoryLock(NpgsqlConnection connection, string name, bool ownsConnection) : IAsyncDisposable
{
    /// <summary>The lock's own; work may be done over it.</summary>
    public NpgsqlConnection Connection => connection;

    public async ValueTask DisposeAsync()
    {
        try
        {
            // A pooled connection would hold it until somebody uses that connection again.
            if (connection.State == System.Data.ConnectionState.Open)
                await AdvisoryLocks.Ask(connection, "pg_advisory_unlock", name, CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // The connection is broken, and the lock gone with it.
        }
        if (ownsConnection)
            await connection.DisposeAsync();
    }
}

public static class AdvisoryLocks
{
    /// <summary>Waits until nobody has it.</summary>
    public static async Task<AdvisoryLock> Lock(this NpgsqlDataSource db, string name, CancellationToken cancel) =>
        (await Open(db, "pg_advisory_lock", name, cancel))!;

    /// <returns>null where another has it.</returns>
    public static Task<AdvisoryLock?> TryLock(this NpgsqlDataSource db, string name, CancellationToken cancel) =>
        Open(db, "pg_try_advisory_lock", name, cancel);

    /// <summary>On a connection that stays the caller's.</summary>
    public static async Task<AdvisoryLock?> TryLock(this NpgsqlConnection connection, string name, CancellationToken cancel) =>
        await Ask(connection, "pg_try_advisory_lock", name, cancel) ? new(connection, name, ownsConnection: false) : null;

    /// <summary>Waits, and holds it to the end of the context's transaction.</summary>
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

    /// <returns>False where another has it; <c>pg_advisory_lock</c> answers nothing, once it has it.</returns>
    internal static async Task<bool> Ask(NpgsqlConnection connection, string function, string name, CancellationToken cancel)
    {
        // However long another takes.
        await using var command = new NpgsqlCommand($"select {function}(hashtextextended($1, 0))", connection) { CommandTimeout = 0 };
        command.Parameters.AddWithValue(name);
        return await command.ExecuteScalarAsync(cancel) is not false;
    }
}
