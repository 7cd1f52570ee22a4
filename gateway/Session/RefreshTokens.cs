using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using EnterprisePortal.ServiceDefaults.Settings;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Polly;

namespace EnterprisePortal.Gateway.Session;

/// <summary>
/// Access tokens live five minutes. Near its end a token is exchanged once, however many requests and replicas notice at the same time:
/// requests of this process share one exchange, replicas wait for the row (<see cref="TicketStore.Exchange"/>).
/// </summary>
sealed class RefreshTokens(TicketStore tickets, IHttpClientFactory clients, IOptions<PortalClientOptions> options, TimeProvider clock)
{
    static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);
    readonly ConcurrentDictionary<string, Lazy<Task<(Outcome, AuthenticationTicket)>>> running = new();

    /// <summary><c>Ended</c>: Identity refused, the session is gone. <c>Unanswered</c>: Identity is silent and the old token has
    /// expired.</summary>
    public enum Outcome { Good, Ended, Unanswered }

    public async ValueTask<(Outcome Outcome, AuthenticationTicket Ticket)> Refresh(AuthenticationTicket ticket)
    {
        if (!IsDue(ticket))
            return (Outcome.Good, ticket);
        var session = ticket.Properties.Items["key_hash"]!;
        var exchange = running.GetOrAdd(session, _ => new(() => Exchange(ticket)));
        try
        {
            return await exchange.Value;
        }
        finally
        {
            running.TryRemove(new(session, exchange));
        }
    }

    bool IsDue(AuthenticationTicket ticket) => ExpiryOf(ticket) <= clock.GetUtcNow() + Margin;

    static DateTimeOffset ExpiryOf(AuthenticationTicket ticket) =>
        DateTimeOffset.TryParse(ticket.Properties.GetTokenValue("expires_at"), CultureInfo.InvariantCulture, out var at) ? at
            : DateTimeOffset.MinValue;

    async Task<(Outcome, AuthenticationTicket)> Exchange(AuthenticationTicket ticket)
    {
        try
        {
            return await tickets.Exchange(ticket, async current => IsDue(current) ? await Ask(current) : current) is { } renewed
                ? (Outcome.Good, renewed) : (Outcome.Ended, ticket);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or ExecutionRejectedException)
        {
            return (ExpiryOf(ticket) > clock.GetUtcNow() ? Outcome.Good : Outcome.Unanswered, ticket);
        }
    }

    async Task<AuthenticationTicket?> Ask(AuthenticationTicket ticket)
    {
        using var http = clients.CreateClient(IdentityBackchannel.Client);
        using var answer = await http.PostAsync(new Uri("connect/token", UriKind.Relative), new FormUrlEncodedContent(
        [
            new("grant_type", "refresh_token"), new("refresh_token", ticket.Properties.GetTokenValue("refresh_token")),
            .. options.Value.Credentials
        ]));
        if (answer.StatusCode == HttpStatusCode.BadRequest)
            return null;
        answer.EnsureSuccessStatusCode();
        var tokens = new OpenIdConnectMessage(await answer.Content.ReadAsStringAsync());

        var renewed = new AuthenticationTicket(
            SignInWithIdentity.PersonOf(tokens.AccessToken), ticket.Properties.Clone(), ticket.AuthenticationScheme);
        renewed.Properties.UpdateTokenValue("access_token", tokens.AccessToken);
        renewed.Properties.UpdateTokenValue("refresh_token", tokens.RefreshToken ?? ticket.Properties.GetTokenValue("refresh_token")!);
        if (tokens.IdToken is { } idToken)
            renewed.Properties.UpdateTokenValue("id_token", idToken);
        renewed.Properties.UpdateTokenValue("expires_at",
            clock.GetUtcNow().AddSeconds(int.Parse(tokens.ExpiresIn, CultureInfo.InvariantCulture))
                .ToString("o", CultureInfo.InvariantCulture));
        return renewed;
    }
}
