using System.Text.Json.Serialization;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.Observability;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.Search.FamilySearch;

/// <summary>Families of any account in reach by name, e-mail and phone, as of each account's last sync.</summary>
public static class SearchFamilies
{
    /// <summary>A longer list of accounts would be most of the reply, and nobody reads it.</summary>
    const int MostAccounts = 20;

    /// <summary>Who does not see the right one among these knows more than the name.</summary>
    const int MostNear = 20;

    public static void MapFamilySearch(this IEndpointRouteBuilder search) => search.MapGet("/families", Handle).WithName(nameof(SearchFamilies));

    static async Task<Results<Ok<Found>, NotFound, ValidationProblem>> Handle(string? name, string? email, string? phone, string[]? account, string[]? group, string? limit,
        Person person, DirectoryReplica directory, AccountNumbers numbers, SearchConnections connections, PortalMetrics metrics, CancellationToken cancel)
    {
        var errors = new Dictionary<string, string[]>();
        var shown = PageQuery.Default;
        if (!string.IsNullOrEmpty(limit) && !(int.TryParse(limit, out shown) && shown is >= 1 and <= 200))
            errors["limit"] = ["Between 1 and 200."];
        if (Criteria.Read(name, email, phone, errors) is not { } criteria)
            return TypedResults.ValidationProblem(errors);

        var reach = directory.ReachOf(person);
        if (await numbers.Of(reach, account, group, cancel) is not { } reached)
            return TypedResults.NotFound();
        if (reached.Numbers.Length == 0)
            return TypedResults.Ok(new Found(0, false, [], [], 0, []));

        await using var connection = await connections.Source.OpenConnectionAsync(cancel);
        await using var batch = FamilyQueries.Batch(connection, criteria, reached, shown);
        var hits = new Hits();
        var families = new List<Family>(shown);
        await using (var rows = await batch.ExecuteReaderAsync(cancel))
        {
            while (await rows.ReadAsync(cancel))
                hits.Add(rows.GetInt32(0), rows.GetInt32(1));
            await rows.NextResultAsync(cancel);
            await ReadFamilies(rows, families, hits, shown, Read, cancel);
        }
        // A family that several of its guardians put into the list may leave the page short; the hits know whom to add.
        if (families.Count < shown && hits.NotShown(shown - families.Count) is { Length: > 0 } missing)
        {
            await using var rest = new NpgsqlCommand(FamilyQueries.FamiliesById, connection) { Parameters = { new() { Value = missing } } };
            await using var rows = await rest.ExecuteReaderAsync(cancel);
            await ReadFamilies(rows, families, hits, shown, Read, cancel);
        }
        var near = hits.Families > 0 || criteria.Words.Count == 0 ? [] : await NearFamilies.Find(connection, name!, criteria, reached, Math.Min(shown, MostNear), Read, cancel);

        metrics.FamilySearch(hits.Families > 0 ? "found" : near.Count > 0 ? "near" : "none");
        var counts = hits.PerAccount.OrderByDescending(count => count.Value)
            .Select(count => new AccountCount(reached.Code(count.Key), count.Value, reached.AsOf(count.Key))).ToArray();
        return TypedResults.Ok(new Found(hits.Families, hits.Rows >= FamilyQueries.MostHits, SameFamilies.Mark(families),
            counts is { Length: <= MostAccounts } ? counts : counts[..MostAccounts], Math.Max(0, counts.Length - MostAccounts),
            [.. SameFamilies.Mark([.. near.Select(found => found.Family)]).Zip(near, (family, found) => NearFamily.Of(family, found.Why))]));

        Family Read(NpgsqlDataReader row)
        {
            var code = reached.Code(row.GetInt32(1));
            return new(code, reach.Accounts[code].Name, row.GetString(2), Array.ConvertAll(row.GetFieldValue<string[]>(3), guardian => new GuardianName(guardian)),
                row.GetFieldValue<string[]>(4), row.GetFieldValue<string[]>(5), row.GetBoolean(6), reached.AsOf(row.GetInt32(1)));
        }
    }

    static async Task ReadFamilies(NpgsqlDataReader rows, List<Family> families, Hits hits, int shown, Func<NpgsqlDataReader, Family> read, CancellationToken cancel)
    {
        while (families.Count < shown && await rows.ReadAsync(cancel))
            if (hits.Show(rows.GetInt32(0)))
                families.Add(read(rows));
    }

    /// <summary>Families found, each counted once however many of its guardians or numbers matched.</summary>
    sealed class Hits
    {
        readonly Dictionary<int, bool> shownByFamily = [];

        public Dictionary<int, int> PerAccount { get; } = [];
        public int Rows { get; private set; }
        public int Families => shownByFamily.Count;

        public void Add(int family, int account)
        {
            Rows++;
            if (shownByFamily.TryAdd(family, false))
                PerAccount[account] = PerAccount.GetValueOrDefault(account) + 1;
        }

        /// <returns>False where the family is in the list already.</returns>
        public bool Show(int family)
        {
            if (shownByFamily.TryGetValue(family, out var shown) && shown)
                return false;
            shownByFamily[family] = true;
            return true;
        }

        public int[] NotShown(int most) => [.. shownByFamily.Where(family => !family.Value).Select(family => family.Key).Take(most)];
    }

    /// <param name="Total">Families, not more than about 1,200: then <paramref name="TotalIsCapped"/> says that there are more.</param>
    /// <param name="Accounts">The accounts with the most hits; <paramref name="MoreAccounts"/> is how many others have some.</param>
    /// <param name="Near">Families with a similar name, where the exact name finds none.</param>
    public sealed record Found(int Total, bool TotalIsCapped, IReadOnlyList<Family> Families, IReadOnlyList<AccountCount> Accounts, int MoreAccounts, IReadOnlyList<NearFamily> Near);

    /// <param name="SameAs">Of the first family in the list that this one is too, in another account: <c>bluedolphin-austin/4711</c>; null for the first, and for most.</param>
    public record Family(string Account, string AccountName, string FamilyId, GuardianName[] Guardians, string[] Emails, string[] Phones, bool Active, DateTimeOffset? AsOf, string? SameAs = null);

    /// <param name="Why">In words, what makes the name near.</param>
    public sealed record NearFamily(string Account, string AccountName, string FamilyId, GuardianName[] Guardians, string[] Emails, string[] Phones, bool Active, DateTimeOffset? AsOf, string? SameAs, string Why)
        : Family(Account, AccountName, FamilyId, Guardians, Emails, Phones, Active, AsOf, SameAs)
    {
        internal static NearFamily Of(Family family, string why) =>
            new(family.Account, family.AccountName, family.FamilyId, family.Guardians, family.Emails, family.Phones, family.Active, family.AsOf, family.SameAs, why);
    }

    public sealed record GuardianName(string Name);

    public sealed record AccountCount(string Account, int Count, DateTimeOffset? AsOf);
}

/// <summary>Written by generated code: no reflection on the path of a search.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SearchFamilies.Found))]
sealed partial class SearchJson : JsonSerializerContext;
