using System.Collections.Concurrent;
using EnterprisePortal.Contracts.Identity;
using MassTransit;
using Npgsql;

namespace EnterprisePortal.ServiceDefaults.SignIn;

/// <summary>Sessions whose tokens are refused although they have not expired. Remembered for as long as a token can live.</summary>
public sealed class RevokedSessions(TimeProvider clock)
{
    internal static readonly TimeSpan TokenLife = TimeSpan.FromMinutes(6);
    readonly ConcurrentDictionary<string, DateTimeOffset> until = new();

    public bool Contains(string session) => until.TryGetValue(session, out var end) && end > clock.GetUtcNow();

    internal void Add(IEnumerable<string> sessions, DateTimeOffset at)
    {
        foreach (var session in sessions)
            until[session] = at + TokenLife;
        foreach (var (session, end) in until)
            if (end <= clock.GetUtcNow())
                until.TryRemove(session, out _);
    }

    internal async Task Load(NpgsqlDataSource db, CancellationToken cancel)
    {
        await using var command = db.CreateCommand("select session, at from revoked_session");
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            Add([rows.GetString(0)], rows.GetFieldValue<DateTimeOffset>(1));
    }
}

/// <summary>Consumed by every instance. Repeating it changes nothing.</summary>
sealed class FollowRevocations(RevokedSessions revoked) : IConsumer<SessionsRevoked>
{
    public Task Consume(ConsumeContext<SessionsRevoked> context)
    {
        revoked.Add(context.Message.Sessions, context.Message.At);
        return Task.CompletedTask;
    }
}

/// <summary>
/// Consumed by one instance per service, from a durable queue: an instance that was down when a session was revoked reads it from the
/// database at its start. A repeated message meets the primary key.
/// </summary>
sealed class KeepRevocations(NpgsqlDataSource db, TimeProvider clock) : IConsumer<SessionsRevoked>
{
    public async Task Consume(ConsumeContext<SessionsRevoked> context)
    {
        await using var command = db.CreateCommand(
            "with gone as (delete from revoked_session where at < $3) insert into revoked_session select unnest($1), $2 on conflict do "
            + "nothing");
        command.Parameters.AddWithValue(context.Message.Sessions.ToArray());
        command.Parameters.AddWithValue(context.Message.At.ToUniversalTime());
        command.Parameters.AddWithValue(clock.GetUtcNow() - RevokedSessions.TokenLife);
        await command.ExecuteNonQueryAsync(context.CancellationToken);
    }
}
