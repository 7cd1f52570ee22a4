using System.Net;
using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults.AccountApi;
using Microsoft.IdentityModel.Tokens;

namespace EnterprisePortal.Accounts.Import;

/// <summary>
/// Hands the one-time pairing code of an account's owner to the account, which pins the portal and the enterprise from then on. If the
/// portal dies before it has saved the answer, it asks again with the same code and gets the same answer (docs/account-api.md).
/// </summary>
public sealed class PairAccount(HttpClient http, TimeProvider clock)
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    /// <summary>Why an account could not be paired, for the person at the keyboard.</summary>
    /// <param name="name">Stable, for programs.</param>
    public sealed class Failed(string problem, Exception? inner = null, string name = Failed.NoAnswer) : Exception(problem, inner)
    {
        public const string NoAnswer = "account-not-paired", WrongCode = "pairing-code", Elsewhere = "paired-elsewhere";

        /// <summary>
        /// Also the answer when the account is paired with another enterprise: nobody is told which accounts other enterprises have.
        /// </summary>
        public const string NotTaken =
            "The pairing code is wrong, has expired or was used already, or the account is not free. "
            + "Ask the account's owner for a new one.";

        public string Name => name;
    }

    public async Task<PairResponse> Pair(string baseUrl, string code, PairRequest request, CancellationToken cancel)
    {
        PairResponse paired;
        try
        {
            paired = await AccountCall.Within(Deadline, clock, token => Ask(baseUrl, request, token), cancel);
        }
        catch (AccountUnavailable e)
        {
            throw new Failed(e.Message, e);
        }
        return Fault(paired, code) is { } fault ? throw new Failed($"The account's answer cannot be used: {fault}") : paired;
    }

    async Task<PairResponse> Ask(string baseUrl, PairRequest request, CancellationToken cancel)
    {
        using var answer = await http.PostAsJsonAsync(new Uri($"{baseUrl}/enterprise/pair"), request, JsonSerializerOptions.Web, cancel);
        return answer.StatusCode switch
        {
            HttpStatusCode.Forbidden => throw new Failed(Failed.NotTaken, name: Failed.WrongCode),
            HttpStatusCode.Conflict => throw new Failed("The account is paired with another enterprise.", name: Failed.Elsewhere),
            HttpStatusCode.NotFound => throw new Failed("There is no account at this address. Check it for slips."),
            HttpStatusCode.TooManyRequests => throw new Failed("The account had too many wrong codes just now. Try again in a minute."),
            HttpStatusCode.OK => await AccountApiClient.Read<PairResponse>(answer, cancel),
            var status => throw new Failed($"The account answered with an error ({(int)status}).")
        };
    }

    static string? Fault(PairResponse paired, string code)
    {
        if (paired.Code != code)
            return $"it calls itself \"{paired.Code}\", not \"{code}\".";
        if (string.IsNullOrWhiteSpace(paired.Name) || paired.Owner is null
            || paired.Contact is not { Name: not null, Email: not null, Phone: not null } || paired.Locations is null)
            return "name, owner, contact or locations are missing.";
        if (!PlainText.IsPlain(paired.Name + paired.Owner + paired.Contact.Name
            + string.Concat(paired.Locations.Select(place => $"{place?.Name}{place?.City}{place?.State}"))))
            return "its name, owner, contact or locations have characters that turn the direction of the text.";
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(paired.TimeZone ?? "", out _))
            return $"\"{paired.TimeZone}\" is not a time zone.";
        if (paired.Country is not { Length: 2 })
            return $"\"{paired.Country}\" is not a country.";
        try
        {
            return new JsonWebKeySet(paired.Keys).Keys is { Count: > 0 } keys && keys.All(key => !key.HasPrivateKey)
                ? null
                : "its keys are not public keys.";
        }
        catch (ArgumentException)
        {
            return "its keys are not a JSON Web Key Set.";
        }
    }
}

public static class PairAccountExtensions
{
    public static WebApplicationBuilder AddPairing(this WebApplicationBuilder builder)
    {
#pragma warning disable EXTEXP0001 // RemoveAllResilienceHandlers: a person waits, and the account counts wrong codes.
        builder.Services.AddHttpClient<PairAccount>(http =>
                (http.Timeout, http.MaxResponseContentBufferSize) = (Timeout.InfiniteTimeSpan, 1 << 20))
            .RemoveAllResilienceHandlers()
            .ConfigurePrimaryHttpMessageHandler(() => PublicAddresses.Handler(builder.Environment.IsDevelopment()));
#pragma warning restore EXTEXP0001
        return builder;
    }
}
