using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace EnterprisePortal.Identity.Sessions;

/// <summary>Section <c>SignIn</c>, beside its providers (<see cref="Providers"/>).</summary>
public sealed class SignInOptions
{
    /// <summary>How often a provider confirms each session.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "12:00:00")]
    public TimeSpan ConfirmEvery { get; set; } = TimeSpan.FromHours(1);
}

/// <summary>Asks Google or Microsoft whether a person may still sign in there, with the refresh token of their last sign-in.</summary>
public sealed class Confirmation(
    IOptionsMonitor<OpenIdConnectOptions> providers, IDataProtectionProvider protection, IOptions<SignInOptions> settings)
{
    readonly IDataProtector protector = protection.CreateProtector("provider-token");

    /// <summary>
    /// Answers by which a provider that knows the person refuses them. All other answers are a problem of the provider's or ours:
    /// https://www.rfc-editor.org/rfc/rfc6749#section-5.2
    /// </summary>
    internal static readonly string[] Refusals =
        ["invalid_grant", "login_required", "interaction_required", "consent_required", "account_selection_required"];

    public enum Answer { Confirmed, Refused, Unanswered }

    public TimeSpan Every { get; } = settings.Value.ConfirmEvery;

    public string Protect(string token) => protector.Protect(token);

    /// <returns>The answer, and the token for the next time.</returns>
    public async Task<(Answer Answer, string Token)> Ask(string provider, string token, CancellationToken cancel)
    {
        var options = providers.Get(provider);
        try
        {
            if (options.ConfigurationManager is null)
                return (Answer.Refused, token);
            var metadata = await options.ConfigurationManager.GetConfigurationAsync(cancel);
            using var form = new FormUrlEncodedContent(
            [
                new("grant_type", "refresh_token"), new("refresh_token", protector.Unprotect(token)),
                new("client_id", options.ClientId), new("client_secret", options.ClientSecret)
            ]);
            using var answer = await options.Backchannel.PostAsync(metadata.TokenEndpoint, form, cancel);
            var said = JsonElement.Parse(await answer.Content.ReadAsStringAsync(cancel));
            if (answer.IsSuccessStatusCode)
                return (Answer.Confirmed, said.TryGetProperty("refresh_token", out var next) ? Protect(next.GetString()!) : token);
            return (answer.StatusCode == HttpStatusCode.BadRequest && said.TryGetProperty("error", out var error)
                && Refusals.Contains(error.GetString())
                ? Answer.Refused : Answer.Unanswered, token);
        }
        catch (CryptographicException)
        {
            // Encrypted with a key that is lost: the person signs in once more.
            return (Answer.Refused, token);
        }
        // InvalidOperationException: the provider's metadata could not be read.
        catch (Exception e) when (e is HttpRequestException or JsonException or InvalidOperationException
            || e is TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return (Answer.Unanswered, token);
        }
    }
}
