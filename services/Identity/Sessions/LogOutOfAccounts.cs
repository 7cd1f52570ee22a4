using EnterprisePortal.Contracts;
using EnterprisePortal.ServiceDefaults.AccountApi;
using EnterprisePortal.ServiceDefaults.Background;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.Observability;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace EnterprisePortal.Identity.Sessions;

/// <summary>
/// OpenID Connect Back-Channel Logout 1.0 to every account that an ended session had entered, repeated until the account confirms it or the
/// session would have expired anyway. Due times are in the database, so that a restart forgets nothing; replicas share the work.
/// </summary>
public sealed class LogOutOfAccounts(NpgsqlDataSource db, DirectoryReplica directory, ServerKeys keys, IHttpClientFactory clients,
    IConfiguration configuration, TimeProvider clock, ILogger<LogOutOfAccounts> log)
    : BackgroundLoop(TimeSpan.FromSeconds(2), clock, log, new(db, "account_logout"))
{
    internal const string Client = "account-logout";
    const int Batch = 50;
    const string Event = "http://schemas.openid.net/event/backchannel-logout";

    sealed record Due(Guid Session, string Account, Guid Person, string? BaseUrl);

    protected override async Task Round(CancellationToken stop)
    {
        while (await Take(stop) is { Count: > 0 } due)
            await Task.WhenAll(due.Select(one => Tell(one, stop)));
    }

    /// <summary>
    /// The next attempt is scheduled before this one is made, so that a crash in between loses no row. An entry that was in progress when
    /// its session ended is found through the session.
    /// </summary>
    async Task<IReadOnlyList<Due>> Take(CancellationToken stop)
    {
        await using var command = db.CreateCommand(
            """
            update account_session entry
            set logout_attempts = logout_attempts + 1,
              logout_due_at = $1
                + least(interval '60 seconds', interval '5 seconds' + interval '1 second' * power(2, least(logout_attempts, 6)))
            from session where session.id = entry.session_id and (entry.session_id, entry.account) in (
              select entry.session_id, entry.account from account_session entry join session on session.id = entry.session_id
              where entry.ended_at is null and coalesce(entry.logout_due_at, session.ended_at) <= $1 and session.started_at > $2
              order by coalesce(entry.logout_due_at, session.ended_at) limit $3 for update of entry skip locked)
            returning entry.session_id, entry.account, session.user_id, entry.base_url
            """);
        command.Parameters.AddWithValue(Clock.GetUtcNow());
        command.Parameters.AddWithValue(Clock.GetUtcNow() - PortalSessions.Life);
        command.Parameters.AddWithValue(Batch);
        var due = new List<Due>();
        await using var rows = await command.ExecuteReaderAsync(stop);
        while (await rows.ReadAsync(stop))
            due.Add(new(rows.GetGuid(0), rows.GetString(1), rows.GetGuid(2), rows.IsDBNull(3) ? null : rows.GetString(3)));
        return due;
    }

    async Task Tell(Due due, CancellationToken stop)
    {
        // An account that has left the directory is told at its last address. A released account has ended the session itself, and no
        // longer knows the portal.
        var known = directory.Account(due.Account);
        if ((known?.BaseUrl ?? due.BaseUrl) is not { } baseUrl)
            return;
        using var work = TracedWork.Begin("log out of account", due.Account);
        try
        {
            using var body = new FormUrlEncodedContent([new("logout_token", LogoutToken(due))]);
            using var answer = await clients.CreateClient(Client).PostAsync(baseUrl + "/enterprise/backchannel-logout", body, stop);
            if (!answer.IsSuccessStatusCode && (known is not null || (int)answer.StatusCode >= 500))
            {
                Log.LogWarning("{Account} did not end a session ({Status}); it is asked again.", due.Account, (int)answer.StatusCode);
                return;
            }
            await using var confirmed = db.CreateCommand(
                "update account_session set ended_at = $1 where session_id = $2 and account = $3 and logout_due_at is not null");
            confirmed.Parameters.AddWithValue(Clock.GetUtcNow());
            confirmed.Parameters.AddWithValue(due.Session);
            confirmed.Parameters.AddWithValue(due.Account);
            await confirmed.ExecuteNonQueryAsync(stop);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !stop.IsCancellationRequested)
        {
            Log.LogWarning("{Account} did not answer to end a session; it is asked again.", due.Account);
        }
    }

    /// <summary>https://openid.net/specs/openid-connect-backchannel-1_0.html#LogoutToken</summary>
    string LogoutToken(Due due)
    {
        var now = Clock.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = configuration.PortalUrl(), Audience = Admission.AccountClients + due.Account, TokenType = "logout+jwt",
            IssuedAt = now, NotBefore = now, Expires = now.AddMinutes(2),
            SigningCredentials = new(keys.Signing, SecurityAlgorithms.RsaSha256),
            Claims = new Dictionary<string, object>
            {
                ["sub"] = due.Person.ToString(), ["sid"] = due.Session.ToString(), ["jti"] = Guid.CreateVersion7().ToString(),
                ["events"] = new Dictionary<string, object> { [Event] = new Dictionary<string, object>() }
            }
        });
    }
}

public static class LogOutOfAccountsExtensions
{
    public static WebApplicationBuilder AddLogOutOfAccounts(this WebApplicationBuilder builder)
    {
#pragma warning disable EXTEXP0001 // RemoveAllResilienceHandlers: the due times are the retries, and survive a restart.
        builder.Services.AddHttpClient(LogOutOfAccounts.Client, http => http.Timeout = TimeSpan.FromSeconds(4))
            .RemoveAllResilienceHandlers()
            .ConfigurePrimaryHttpMessageHandler(() => PublicAddresses.Handler(builder.Environment.IsDevelopment()));
#pragma warning restore EXTEXP0001
        builder.Services.AddHostedService<LogOutOfAccounts>();
        return builder;
    }
}
