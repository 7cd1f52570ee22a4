using EnterprisePortal.Contracts;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Background;
using EnterprisePortal.ServiceDefaults.Observability;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EnterprisePortal.Identity.Sessions;

/// <summary>
/// A person locked out at Google or Microsoft is out here within the hour (<c>SignIn:ConfirmEvery</c>): their provider is asked to confirm
/// each session again. A refusal ends all of the person's sessions everywhere, in every enterprise; a provider that does not answer ends
/// none. Due times are in the database, and replicas share the work.
/// </summary>
public sealed class ConfirmSessions(NpgsqlDataSource source, IServiceScopeFactory scopes, Confirmation confirmation, TimeProvider clock,
    ILogger<ConfirmSessions> log) : BackgroundLoop(PollInterval(confirmation.Every), clock, log)
{
    const int Batch = 20;

    static TimeSpan PollInterval(TimeSpan confirmInterval) =>
        TimeSpan.FromTicks(Math.Min(TimeSpan.TicksPerMinute, confirmInterval.Ticks / 4));

    protected override async Task Round(CancellationToken stop)
    {
        while (await Take(stop) is { Count: > 0 } due)
            await Task.WhenAll(due.Select(person => Confirm(person, stop)));
    }

    /// <summary>
    /// A session that is taken becomes due again at the next poll, in case the provider does not answer or this instance dies.
    /// </summary>
    /// <returns>One user for each identity, which has one refresh token: used twice at once, it may look stolen to its provider.</returns>
    async Task<IReadOnlySet<Guid>> Take(CancellationToken stop)
    {
        await using var command = source.CreateCommand(
            """
            with due as (
              update session set confirm_due_at = $1 + $2 where id in (
                select id from session where ended_at is null and confirm_due_at <= $1 and started_at > $3
                order by confirm_due_at limit $4 for update skip locked)
              returning user_id)
            select distinct on (issuer, subject) id from portal_user where id in (select user_id from due)
            """);
        command.Parameters.AddWithValue(Clock.GetUtcNow());
        command.Parameters.AddWithValue(PollInterval(confirmation.Every));
        command.Parameters.AddWithValue(Clock.GetUtcNow() - PortalSessions.Life);
        command.Parameters.AddWithValue(Batch);
        var people = new HashSet<Guid>();
        await using var rows = await command.ExecuteReaderAsync(stop);
        while (await rows.ReadAsync(stop))
            people.Add(rows.GetGuid(0));
        return people;
    }

    async Task Confirm(Guid person, CancellationToken stop)
    {
        using var work = TracedWork.Begin("confirm sessions");
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityDb>();
        var user = await db.Users.AsNoTracking().SingleAsync(user => user.Id == person, stop);
        var asked = Clock.GetUtcNow();
        // Without a refresh token, a silent sign-in would have confirmed it (ConfirmSilently), had the person opened a page.
        var (answer, token) = user.ProviderToken is null ? (Confirmation.Answer.Refused, null)
            : await confirmation.Ask(user.Provider, user.ProviderToken, stop);
        if (answer == Confirmation.Answer.Unanswered)
        {
            Log.LogWarning("{Provider} did not answer whether it still knows a person; it is asked again.", user.Provider);
            return;
        }
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        var next = answer == Confirmation.Answer.Confirmed ? token : null;
        // In the order in which a sign-in locks them (LinkIdentity).
        var people = await db.Users.FromSql(
            $"select * from portal_user where issuer = {user.Issuer} and subject = {user.Subject} order by id for update")
                .ToListAsync(stop);
        // A person who has signed in since has a newer token.
        foreach (var row in people.Where(row => row.ProviderToken == user.ProviderToken))
            row.ProviderToken = next;
        var ids = people.Select(row => row.Id).ToArray();
        if (answer == Confirmation.Answer.Confirmed)
            await db.Sessions.Where(session => ids.Contains(session.UserId) && session.EndedAt == null && session.StartedAt <= asked)
                .ExecuteUpdateAsync(set => set.SetProperty(session => session.ConfirmDueAt, asked + confirmation.Every), stop);
        else
            await End(db, ids, user.Provider, asked, scope.ServiceProvider.GetRequiredService<ActivityRecorder>(), stop);
        await db.SaveChangesAsync(stop);
        await transaction.CommitAsync(stop);
    }

    static async Task End(IdentityDb db, Guid[] people, string provider, DateTimeOffset asked, ActivityRecorder activities,
        CancellationToken stop)
    {
        var reason = $"{Providers.NameOf(provider)} no longer confirms your sign-in.";
        var ended = await db.EndSessions(session => people.Contains(session.UserId) && session.StartedAt <= asked, reason, asked, stop);
        foreach (var session in ended)
            db.Publish(activities.Of(session.User.In(session), AuditActions.SessionEnded, session.User.Email,
                details: new { session = session.Id, session.Device, reason }));
    }
}
