using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Observability;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EnterprisePortal.Identity.Sessions;

/// <summary>
/// Whoever was locked out at Google or Microsoft is out here within the hour (<c>SignIn:ConfirmEvery</c>): each session is confirmed by its provider again.
/// A refusal ends all of the person's sessions everywhere; a provider that does not answer refuses nobody. Due times are in the database, replicas share them.
/// </summary>
public sealed class ConfirmSessions(NpgsqlDataSource source, IServiceScopeFactory scopes, Confirmation confirmation, TimeProvider clock, ILogger<ConfirmSessions> log) : BackgroundService
{
    const int Batch = 20;
    readonly TimeSpan poll = TimeSpan.FromMinutes(1) < confirmation.Every / 4 ? TimeSpan.FromMinutes(1) : confirmation.Every / 4;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await Take(stoppingToken) is { Count: > 0 } due)
                    await Task.WhenAll(due.Select(person => Confirm(person, stoppingToken)));
            }
            catch (Exception e) when (e is NpgsqlException or DbUpdateException || e.InnerException is NpgsqlException)
            {
                log.LogWarning("Confirming sessions waits: {Problem}", e.Message);
            }
            await Task.Delay(poll, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Those taken are due again at the next poll, should nobody answer or this instance die.</summary>
    async Task<IReadOnlySet<Guid>> Take(CancellationToken stop)
    {
        await using var command = source.CreateCommand(
            """
            update session set confirm_due_at = $1 + $2 where id in (
              select id from session where ended_at is null and confirm_due_at <= $1 and started_at > $3 order by confirm_due_at limit $4 for update skip locked)
            returning user_id
            """);
        command.Parameters.AddWithValue(clock.GetUtcNow());
        command.Parameters.AddWithValue(poll);
        command.Parameters.AddWithValue(clock.GetUtcNow() - Session.Longest);
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
        var asked = clock.GetUtcNow();
        // Without a refresh token it would have been confirmed by a silent sign-in (ConfirmSilently), had they come by.
        var (answer, token) = user.ProviderToken is null ? (Confirmation.Answer.Refused, null) : await confirmation.Ask(user.Provider, user.ProviderToken, stop);
        if (answer == Confirmation.Answer.Unanswered)
        {
            log.LogWarning("{Provider} did not answer whether it still knows a person; it is asked again.", user.Provider);
            return;
        }
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        var next = answer == Confirmation.Answer.Confirmed ? token : null;
        // Who has signed in meanwhile has a newer token.
        await db.Users.Where(row => row.Id == person && row.ProviderToken == user.ProviderToken).ExecuteUpdateAsync(set => set.SetProperty(row => row.ProviderToken, next), stop);
        if (answer == Confirmation.Answer.Confirmed)
            await db.Sessions.Where(session => session.UserId == person && session.EndedAt == null && session.StartedAt <= asked)
                .ExecuteUpdateAsync(set => set.SetProperty(session => session.ConfirmDueAt, asked + confirmation.Every), stop);
        else
            await End(db, user, asked, scope.ServiceProvider.GetRequiredService<ActivityRecorder>(), stop);
        await db.SaveChangesAsync(stop);
        await transaction.CommitAsync(stop);
    }

    static async Task End(IdentityDb db, PortalUser user, DateTimeOffset asked, ActivityRecorder activities, CancellationToken stop)
    {
        var reason = $"{Providers.NameOf(user.Provider)} no longer confirms your sign-in.";
        foreach (var session in await db.EndSessions(session => session.UserId == user.Id && session.StartedAt <= asked, reason, asked, stop))
            db.Publish(activities.Of(user.In(session), "session.ended", user.Email, details: new { session = session.Id, session.Device, reason }));
    }
}
