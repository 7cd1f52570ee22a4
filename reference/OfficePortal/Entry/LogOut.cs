using System.Text.Json;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.SignIn;
using EnterprisePortal.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.IdentityModel.Tokens;

namespace EnterprisePortal.OfficePortal.Entry;

/// <summary>
/// <c>POST enterprise/backchannel-logout</c> (OpenID Connect Back-Channel Logout 1.0): a person was suspended, moved or signed out, and
/// their sessions here end now. A repeated call changes nothing.
/// </summary>
public static class LogOut
{
    const string Event = "http://schemas.openid.net/event/backchannel-logout";

    // The portal calls this, not a browser: the token is the proof.
    public static void Map(RouteGroupBuilder account) =>
        account.MapPost("/enterprise/backchannel-logout", Handle).WithName(nameof(LogOut)).DisableAntiforgery();

    static async Task<Results<Ok, ProblemHttpResult>> Handle(
        [FromForm(Name = "logout_token")] string? logoutToken, Account account, PortalIssuers issuers, EndSessions sessions)
    {
        var token = account.Issuer is null ? null
            : await issuers.Validate(logoutToken ?? "", account.Issuer, account.ClientId!, "logout+jwt");
        if (token is null || !IsLogout(JsonSerializer.Deserialize<JsonElement>(Base64UrlEncoder.DecodeBytes(token.EncodedPayload))))
            return Refusal.Of("logout-token", "The logout token is not valid.", StatusCodes.Status400BadRequest);
        var sid = token.TryGetPayloadValue<string>("sid", out var session) ? session : null;
        var person = Guid.TryParse(token.Subject, out var sub) ? sub : (Guid?)null;
        if (sid is null && person is null)
            return Refusal.Of("logout-token", "The logout token names neither a session nor a person.", StatusCodes.Status400BadRequest);
        await sessions.OfPortal(account, token.Id, sid, person);
        return TypedResults.Ok();
    }

    /// <summary>A valid signature does not make the content valid: <c>"events": [1]</c>.</summary>
    static bool IsLogout(JsonElement claims) =>
        claims.TryGetProperty("events", out var events) && events.ValueKind == JsonValueKind.Object
        && events.TryGetProperty(Event, out var about) && about.ValueKind == JsonValueKind.Object
        && !claims.TryGetProperty("nonce", out _)
        && IsText(claims, "jti") && (IsText(claims, "sid") || !claims.TryGetProperty("sid", out _));

    static bool IsText(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString()!.Length > 0;
}
