using System.Globalization;
using System.Security.Cryptography;
using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Database;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Polly;

namespace EnterprisePortal.Accounts.Import;

/// <summary>
/// <c>Accounts import &lt;file or folder&gt; [--until-synced]</c>: onboards whole enterprises beside the running service, whose outbox
/// relay sends the messages published here. The whole file is checked first. Each account is saved as soon as it is paired, since its code
/// works once; groups are created in one transaction at the end. So an interrupted import is simply run again and continues; a file that is
/// already imported changes nothing.
/// </summary>
public sealed class ImportEnterprise(AccountsDb db, NpgsqlDataSource locks, PairAccount pairing, DirectoryChange change,
    IHostEnvironment environment, IConfiguration configuration, TimeProvider clock)
{
    /// <summary>Exit codes.</summary>
    const int Done = 0, BadInput = 1, NotPaired = 2;
    const string UntilSynced = "--until-synced";
    static readonly TimeSpan LongestForOne = TimeSpan.FromMinutes(1);
    readonly List<string> imported = [];

    public static async Task<int> Run(WebApplicationBuilder builder, string[] args)
    {
        builder.AddServiceDefaults();
        builder.AddDatabase<AccountsDb>("accounts");
        builder.Services.AddSingleton<DirectoryReplica>();
        builder.Services.AddScoped<DirectoryChange>();
        builder.Services.AddScoped<ImportEnterprise>();
        builder.AddPairing();
        await using var app = builder.Build();
        string[] paths = args.Where(arg => arg != UntilSynced).ToArray() switch
        {
            [var path] when Directory.Exists(path) => [.. Directory.GetFiles(path, "*.json").Order(StringComparer.Ordinal)],
            [var path] when File.Exists(path) => [path],
            _ => []
        };
        if (paths.Length == 0)
        {
            await Console.Error.WriteLineAsync(
                $"Usage: import <enterprise.json or a folder of such files> [{UntilSynced}]. There is no such file.");
            return BadInput;
        }
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, key) => { key.Cancel = true; stop.Cancel(); };
        await using var scope = app.Services.CreateAsyncScope();
        var import = scope.ServiceProvider.GetRequiredService<ImportEnterprise>();
        if (args.Contains(UntilSynced))
            await AwaitPortal(app.Services.GetRequiredService<IHttpClientFactory>(), app.Configuration.PortalUrl(), stop.Token);
        var worst = Done;
        foreach (var file in paths)
            worst = Math.Max(worst, await import.Import(file, stop.Token));
        if (args.Contains(UntilSynced))
            await import.AwaitFirstSync(stop.Token);
        return worst;
    }

    /// <summary>
    /// An account that is paired asks the portal who it is. In development the gateway may be one that a person starts, whenever they like.
    /// </summary>
    static async Task AwaitPortal(IHttpClientFactory clients, string portal, CancellationToken cancel)
    {
        for (var told = false; ; await Task.Delay(TimeSpan.FromSeconds(1), cancel))
            try
            {
                using var http = clients.CreateClient();
                using var answer = await http.GetAsync(new Uri(portal + ".well-known/openid-configuration"), cancel);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (Exception e) when (e is HttpRequestException or ExecutionRejectedException)
            {
                if (!told)
                    Say($"The import begins as soon as {portal} answers.");
                told = true;
            }
    }

    public async Task<int> Import(string path, CancellationToken cancel)
    {
        var bytes = await File.ReadAllBytesAsync(path, cancel);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var (file, faults) = await EnterpriseFile.Read(bytes, environment.IsDevelopment(), cancel);
        if (file is null)
        {
            Say($"{path} cannot be imported; nothing was changed:");
            faults.ForEach(fault => Say($"  {fault}"));
            return BadInput;
        }

        // Two imports at once would use the same pairing codes.
        await using var alone = await locks.Lock("import", cancel);
        if (await db.Database.SqlQuery<int>($"select 1 as \"Value\" from imported_file where sha256 = {hash}").AnyAsync(cancel))
        {
            Say($"{file.Name}: this file was imported before; nothing to do.");
            return Done;
        }
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into enterprise (id, name) values ({Guid.CreateVersion7(clock.GetUtcNow())}, {file.Name})
            on conflict (name) do nothing
            """, cancel);
        var enterprise = await db.Enterprises.AsNoTracking().SingleAsync(row => row.Name == file.Name, cancel);
        var known = await db.Accounts.AsNoTracking().ToListAsync(cancel);
        var problems = 0;
        foreach (var account in file.Accounts)
            try
            {
                await Pair(enterprise, account, known, cancel);
            }
            catch (PairAccount.Failed e)
            {
                Say($"{account.BaseUrl}: {e.Message}");
                problems++;
            }
        if (problems > 0)
        {
            Say($"{file.Name}: {problems} of {file.Accounts.Length} accounts could not be paired. "
                + "Those that could are kept; run the import again when the others are put right.");
            return NotPaired;
        }
        await CreateGroups(enterprise, file, hash, cancel);
        return Done;
    }

    async Task Pair(EnterpriseRow enterprise, EnterpriseFile.Account account, List<Account> known, CancellationToken cancel)
    {
        if (known.SingleOrDefault(row => string.Equals(row.BaseUrl, account.BaseUrl, StringComparison.OrdinalIgnoreCase)) is { } same)
        {
            if (same.EnterpriseId != enterprise.Id)
                throw new PairAccount.Failed("This base URL belongs to an account of another enterprise.");
            return;
        }
        if (known.Any(row => row.Code == account.ExpectedCode))
            throw new PairAccount.Failed($"The code {account.ExpectedCode} belongs to another account.");
        var paired = await pairing.Pair(account.BaseUrl, account.ExpectedCode,
            new PairRequest(account.PairingCode, configuration.PortalUrl(), enterprise.Id, enterprise.Name,
                $"account-{account.ExpectedCode}"), cancel);
        db.Add(new Account
        {
            Code = paired.Code, EnterpriseId = enterprise.Id, Name = paired.Name, Owner = paired.Owner, Contact = paired.Contact,
            Locations = paired.Locations,
            TimeZone = paired.TimeZone, Country = paired.Country, BaseUrl = account.BaseUrl, ClientKeys = paired.Keys,
            Status = AccountState.Onboarding, RegisteredAt = clock.GetUtcNow()
        });
        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
        Say($"{account.BaseUrl}: paired as {paired.Code}, {paired.Name}.");
    }

    /// <summary>
    /// Creates the missing groups, by name, with their accounts; existing groups stay as Admins made them, but get the new accounts.
    /// </summary>
    async Task CreateGroups(EnterpriseRow enterprise, EnterpriseFile file, string hash, CancellationToken cancel)
    {
        await change.Begin(enterprise.Id, cancel);
        var groups = await db.Groups.Where(row => row.EnterpriseId == enterprise.Id)
            .ToDictionaryAsync(row => row.Name, StringComparer.OrdinalIgnoreCase, cancel);
        var members = (await db.GroupAccounts.AsNoTracking().ToListAsync(cancel)).ToLookup(row => row.GroupId, row => row.AccountCode)
            .ToDictionary(row => row.Key, row => row.ToHashSet());
        // Only accounts of the file: an Admin activates the accounts that they connect in the portal.
        var codes = file.Accounts.Select(account => account.ExpectedCode).ToArray();
        var onboarding = await db.Accounts.Where(row => row.EnterpriseId == enterprise.Id && row.Status == AccountState.Onboarding
            && codes.Contains(row.Code)).ToListAsync(cancel);
        onboarding.ForEach(account => account.Status = AccountState.Active);
        foreach (var entry in file.Groups)
        {
            // The root group stays the root, even if an Admin has renamed it since.
            var there = entry.Parent is null
                ? groups.Values.SingleOrDefault(row => row.Id == enterprise.Id)
                : groups.GetValueOrDefault(entry.Name);
            var group = groups[entry.Name] = there ?? Add(entry, enterprise.Id, entry.Parent is null ? null : groups[entry.Parent].Id);
            var now = members.TryGetValue(group.Id, out var known) ? known : members[group.Id] = [];
            var added = (entry.Accounts ?? []).Where(code => there is null || onboarding.Any(account => account.Code == code))
                .Where(code => group.ParentId is not { } parent || members[parent].Contains(code)).Where(now.Add);
            db.AddRange(added.Select(code => new GroupAccount(group.Id, code, group.ParentId)));
            // Parents' rows first: the subset is a foreign key.
            await db.SaveChangesAsync(cancel);
        }
        await db.Database.ExecuteSqlAsync(
            $"insert into imported_file (sha256, enterprise_id, at) values ({hash}, {enterprise.Id}, {clock.GetUtcNow()})", cancel);
        var users = (file.Users ?? [])
            .Select(user =>
                new FirstUser(user.Email, user.Name, user.Level, groups[user.Group].Id, user.Provider, user.Status ?? "invited")).ToList();
        db.Publish(new EnterpriseImported(enterprise.Id, enterprise.Name, file.MicrosoftTenants ?? [], users));
        db.Publish(new ActivityRecorded(Guid.CreateVersion7(), clock.GetUtcNow(), enterprise.Id,
            new(null, "Import", "", "system", enterprise.Id), AuditActions.EnterpriseImported.Key, enterprise.Name, null,
            environment.ApplicationName, null, null));
        await change.Commit(cancel);
        imported.AddRange(onboarding.Select(account => account.Code));
        Say($"{file.Name}: {file.Groups.Length} groups, {file.Accounts.Length} accounts and {users.Count} users imported.");
    }

    /// <summary>
    /// The first sync follows by itself; this tells the person at the terminal when families can be found. It does not wait for accounts
    /// that do not answer.
    /// </summary>
    async Task AwaitFirstSync(CancellationToken cancel)
    {
        if (imported.Count == 0)
            return;
        var (began, codes, missing) = (clock.GetTimestamp(), imported.ToArray(), imported.Count);
        for (var progress = began; missing > 0
            && clock.GetElapsedTime(progress) < LongestForOne; await Task.Delay(TimeSpan.FromMilliseconds(100), clock, cancel))
        {
            var left = await db.Database.SqlQuery<int>(
                $"select count(*)::int as \"Value\" from account where code = any({codes}) and last_sync is null").SingleAsync(cancel);
            (missing, progress) = (left, left < missing ? clock.GetTimestamp() : progress);
        }
        Say(string.Create(CultureInfo.InvariantCulture,
            $"First sync: {codes.Length - missing} accounts in {clock.GetElapsedTime(began).TotalSeconds:0.0} "
            + $"s.{(missing > 0 ? $" {missing} did not answer; the Sync page says why." : "")}"));
    }

    PortalGroup Add(EnterpriseFile.Group entry, Guid enterpriseId, Guid? parentId)
    {
        var group = new PortalGroup
        {
            Id = parentId is null ? enterpriseId : Guid.CreateVersion7(clock.GetUtcNow()), EnterpriseId = enterpriseId, ParentId = parentId,
            Name = entry.Name, Active = true,
            UserEmail = LoginAs(entry.UserEmail), AdminEmail = LoginAs(entry.AdminEmail)
        };
        db.Add(group);
        return group;
    }

    static string? LoginAs(string? email) => EmailAddress.Read(string.IsNullOrWhiteSpace(email) ? null : email, null);

    static void Say(string line) => Console.WriteLine(line);
}
