using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Permissions;
using EnterprisePortal.ServiceDefaults.Database;
using EnterprisePortal.ServiceDefaults.Directory;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Permissions;

/// <summary>
/// Brings an enterprise's account sets in line with its restrictions, tree and calendar. Called wherever one of the three may have changed;
/// an unchanged set keeps its version, so an extra call does no harm.
/// </summary>
sealed class UpdateSets(PermissionsDb db, TimeProvider clock)
{
    /// <summary>By then the message has been handled, or is lost: <see cref="FollowCauses"/> sends another.</summary>
    static readonly TimeSpan Repeat = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Serializes changes to one enterprise: two replicas that saw the same cause must not both raise the version. Needs a transaction.
    /// </summary>
    public Task Lock(Guid enterpriseId, CancellationToken cancel) =>
        db.LockToCommit(enterpriseId.ToString(), cancel);

    public async Task For(Enterprise enterprise, CancellationToken cancel)
    {
        var groups = enterprise.Groups.Keys.ToArray();
        var restrictions = await db.Restrictions.AsNoTracking().Where(row => groups.Contains(row.GroupId)).ToListAsync(cancel);
        var sets = await db.AccountSets.Where(row => row.EnterpriseId == enterprise.Id).ToDictionaryAsync(row => row.Account, cancel);
        var now = clock.GetUtcNow();
        foreach (var account in enterprise.Accounts.Values)
        {
            var wanted = EffectiveSet.Of(enterprise, account, restrictions, now);
            var set = sets.GetValueOrDefault(account.Code);
            var pairing = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(account.ClientKeys)));
            // An account in onboarding gets its set even if it is empty: nobody enters it without one. An account that is paired again may
            // have lost its set. jsonb reorders keys: compare the contents, not the text.
            if (set is null ? wanted.Count == 0 && account.Status != AccountState.Onboarding : SameAs(set.Restrictions, wanted)
                && (set.Pairing ?? pairing) == pairing)
                continue;
            // The account keeps the highest version it has seen, even from before it was removed and registered again: the milliseconds are
            // higher.
            if (set is null)
                db.Add(set = new()
                    { Account = account.Code, Restrictions = "", EnterpriseId = enterprise.Id, Version = now.ToUnixTimeMilliseconds() });
            set.Version++;
            set.Pairing = pairing;
            set.Restrictions = JsonSerializer.Serialize(wanted, JsonSerializerOptions.Web);
            (set.ChangedAt, set.NextTry) = (now, now + Repeat);
            set.Attempts = 0;
            set.Problem = null;
            db.Publish(new PushRestrictions(account.Code));
        }
        // Accounts that have left the enterprise.
        db.RemoveRange(sets.Values.Where(set => !enterprise.Accounts.ContainsKey(set.Account)));
        await db.SaveChangesAsync(cancel);
    }

    static bool SameAs(string stored, IReadOnlyList<Restriction> wanted) =>
        JsonSerializer.Serialize(JsonSerializer.Deserialize<List<Restriction>>(stored, JsonSerializerOptions.Web))
        == JsonSerializer.Serialize(wanted);
}
