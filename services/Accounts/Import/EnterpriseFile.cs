using System.Text.Json;
using System.Text.RegularExpressions;
using EnterprisePortal.ServiceDefaults;

namespace EnterprisePortal.Accounts.Import;

/// <summary>One enterprise, as delivered in <c>enterprise.json</c> (docs/operations.md).</summary>
/// <param name="MicrosoftTenants">Ids of the tenants whose e-mail addresses the enterprise trusts.</param>
/// <param name="Groups">Exactly one without a parent: the root, which has every account.</param>
public partial record EnterpriseFile(
    string Name, string[]? MicrosoftTenants, EnterpriseFile.Group[] Groups, EnterpriseFile.Account[] Accounts, EnterpriseFile.User[]? Users)
{
    /// <param name="Parent">Name of the group above.</param>
    public record Group(string Name, string? Parent, string? UserEmail, string? AdminEmail, string[]? Accounts);

    /// <param name="Code">Absent: the code that the base URL suggests (<see cref="BaseUrls.SuggestedCode"/>).</param>
    public record Account(string BaseUrl, string PairingCode, string? Code)
    {
        public string ExpectedCode => Code ?? BaseUrls.SuggestedCode(BaseUrl);
    }

    public record User(string Email, string Name, string Level, string Group, string Provider, string? Status);

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,62}\z")]
    public static partial Regex AccountCode();

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true
    };

    /// <summary>Reads and checks the whole file before anything is done with it.</summary>
    /// <returns>The file, or every error in it with the entry's place and name.</returns>
    public static async Task<(EnterpriseFile? File, List<string> Faults)> Read(byte[] bytes, bool development, CancellationToken cancel)
    {
        EnterpriseFile file;
        try
        {
            file = JsonSerializer.Deserialize<EnterpriseFile>(bytes, Json) ?? throw new JsonException("The file is empty.");
        }
        catch (JsonException e)
        {
            return (null, [$"Not readable at {e.Path ?? "$"}, line {e.LineNumber + 1}: {e.Message.Split(" Path:")[0]}"]);
        }
        var faults = new List<string>();
        if (string.IsNullOrWhiteSpace(file.Name))
            faults.Add("name: the enterprise needs a name.");
        faults.AddRange((file.MicrosoftTenants ?? []).Where(tenant => !Guid.TryParse(tenant, out _))
            .Select(tenant => $"microsoftTenants \"{tenant}\": not a tenant id."));
        await file.AddAccountFaults(faults, development, cancel);
        file.AddGroupFaults(faults);
        file.AddUserFaults(faults);
        return faults.Count == 0 ? (file, faults) : (null, faults);
    }

    async Task AddAccountFaults(List<string> faults, bool development, CancellationToken cancel)
    {
        if (Accounts is not { Length: > 0 })
            faults.Add("accounts: there must be at least one.");
        var urls = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var codes = new HashSet<string>();
        foreach (var (index, account) in (Accounts ?? []).Index())
        {
            var at = $"accounts[{index}] {account.BaseUrl}";
            if (await BaseUrls.Problem(account.BaseUrl, development, cancel) is { } problem)
                faults.Add($"{at}: {problem}");
            else if (!AccountCode().IsMatch(account.ExpectedCode))
                faults.Add($"{at}: \"{account.ExpectedCode}\" is not an account code. "
                    + "Give one as \"code\": small letters, digits and hyphens.");
            else if (!codes.Add(account.ExpectedCode))
                faults.Add($"{at}: the account {account.ExpectedCode} is there twice.");
            if (string.IsNullOrWhiteSpace(account.PairingCode))
                faults.Add($"{at}: the pairing code is missing.");
            if (!urls.Add(account.BaseUrl))
                faults.Add($"{at}: this base URL is there twice.");
        }
    }

    void AddGroupFaults(List<string> faults)
    {
        var codes = (Accounts ?? []).Where(account => Uri.IsWellFormedUriString(account.BaseUrl, UriKind.Absolute))
            .Select(account => account.ExpectedCode).ToHashSet();
        var seen = new Dictionary<string, Group>(StringComparer.OrdinalIgnoreCase);
        foreach (var (index, group) in (Groups ?? []).Index())
        {
            var at = $"groups[{index}] \"{group.Name}\"";
            if (string.IsNullOrWhiteSpace(group.Name) || group.Name.Length > 100)
                faults.Add($"{at}: a group needs a name of at most 100 characters.");
            else if (!seen.TryAdd(group.Name, group))
                faults.Add($"{at}: this name is there twice.");
            foreach (var email in new[] { group.UserEmail, group.AdminEmail }.Where(email => !EmailAddress.IsNoneOrUsable(email)))
                faults.Add($"{at}: \"{email}\" is not an e-mail address.");
            faults.AddRange((group.Accounts ?? []).Where(code => !codes.Contains(code))
                .Select(code => $"{at}: the account \"{code}\" is not in this file."));
            if (group.Parent is null)
                continue;
            // Parents come first, so that no cycle is possible.
            if (!seen.TryGetValue(group.Parent, out var parent) || parent == group)
                faults.Add($"{at}: its parent \"{group.Parent}\" is not among the groups before it.");
            else if ((group.Accounts ?? []).Except(parent.Accounts ?? []).ToList() is { Count: > 0 } lacking)
                faults.Add($"{at}: its parent \"{group.Parent}\" does not have {string.Join(", ", lacking)}.");
        }
        var roots = (Groups ?? []).Where(group => group.Parent is null).ToList();
        if (roots.Count != 1)
            faults.Add($"groups: exactly one must be without a parent, and {roots.Count} are.");
        else if (codes.Except(roots[0].Accounts ?? []).ToList() is { Count: > 0 } lost)
            faults.Add($"groups \"{roots[0].Name}\": the root has every account, and {string.Join(", ", lost)} is missing.");
    }

    void AddUserFaults(List<string> faults)
    {
        var names = (Groups ?? []).Select(group => group.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var emails = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (index, user) in (Users ?? []).Index())
        {
            var at = $"users[{index}] {user.Email}";
            if (string.IsNullOrEmpty(user.Email) || !EmailAddress.IsUsable(user.Email))
                faults.Add($"{at}: not an e-mail address.");
            else if (!emails.Add(user.Email))
                faults.Add($"{at}: this e-mail is there twice.");
            if (!names.Contains(user.Group ?? ""))
                faults.Add($"{at}: there is no group \"{user.Group}\".");
            if (user.Level is not ("admin" or "user"))
                faults.Add($"{at}: a level is admin or user.");
            if (user.Provider is not ("google" or "microsoft"))
                faults.Add($"{at}: a provider is google or microsoft.");
            if (user.Status is not (null or "invited" or "suspended"))
                faults.Add($"{at}: a status is invited or suspended.");
        }
    }
}
