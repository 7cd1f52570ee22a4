using System.Globalization;
using System.Text.Json.Serialization;
using EnterprisePortal.Contracts.Http;
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

    /// <summary>A person who does not see the right family among these knows more than the name.</summary>
    const int MostNear = 20;

    public static void MapFamilySearch(this IEndpointRouteBuilder search) =>
        search.MapGet("/families", Handle).WithName(nameof(SearchFamilies));

    static async Task<Results<Ok<FoundFamilies>, NotFound, ValidationProblem>> Handle(
        string? name,
        string? email,
        string? phone,
        string[]? account,
        string[]? group,
        string? limit,
        Person person,
        DirectoryReplica directory,
        AccountNumbers numbers,
        SearchConnections connections,
        PortalMetrics metrics,
        CancellationToken cancel)
    {
        var errors = new Dictionary<string, string[]>();
        var shown = PageQuery.Default;
        if (!string.IsNullOrEmpty(limit) && !(int.TryParse(limit, CultureInfo.InvariantCulture, out shown)
            && shown is >= 1 and <= 200))
            errors["limit"] = ["Between 1 and 200."];
        if (Criteria.Read(name, email, phone, errors) is not { } criteria)
            return TypedResults.ValidationProblem(errors);

        var reach = directory.ReachOf(person);
        if (await numbers.Of(reach, account, group, cancel) is not { } reached)
            return TypedResults.NotFound();
        if (reached.Numbers.Length == 0)
            return TypedResults.Ok(new FoundFamilies(0, false, [], [], 0, []));

        await using var connection = await connections.Source.OpenConnectionAsync(cancel);
        await using var batch = FamilyQueries.Batch(connection, criteria, reached, shown);
        var hits = new Hits();
        var (families, inHyphens) = (new List<FoundFamily>(shown), new List<FoundFamily>());
        await using (var rows = await batch.ExecuteReaderAsync(cancel))
        {
            while (await rows.ReadAsync(cancel))
                hits.Add(rows.GetInt32(0), rows.GetInt32(1));
            await rows.NextResultAsync(cancel);
            await ReadFamilies(rows);
        }
        // A family that matches by several guardians may leave the page short; the hits know which families to add.
        if (families.Count + inHyphens.Count < shown && hits.NotShown(shown - families.Count - inHyphens.Count) is { Length: > 0 } missing)
        {
            await using var rest = new NpgsqlCommand(FamilyQueries.FamiliesById, connection) { Parameters = { new() { Value = missing } } };
            await using var rows = await rest.ExecuteReaderAsync(cancel);
            await ReadFamilies(rows);
        }
        families.AddRange(inHyphens.Take(shown - families.Count));
        var near = hits.Families > 0 || criteria.Words.Count == 0
            ? []
            : await NearFamilies.Find(connection, name!, criteria, reached, Math.Min(shown, MostNear), Read, cancel);

        metrics.FamilySearch(hits.Families > 0 ? "found" : near.Count > 0 ? "near" : "none");
        var counts = hits.PerAccount.OrderByDescending(count => count.Value)
            .Select(count => new AccountCount(reached.Code(count.Key), count.Value, reached.AsOf(count.Key))).ToArray();
        return TypedResults.Ok(new FoundFamilies(hits.Families, hits.Rows >= FamilyQueries.MostHits, SameFamilies.Mark(families),
            counts is { Length: <= MostAccounts } ? counts : counts[..MostAccounts], Math.Max(0, counts.Length - MostAccounts),
            [.. SameFamilies.Mark([.. near.Select(found => found.Family)]).Zip(near, (family, found) => Near(family, found.Why))]));

        async Task ReadFamilies(NpgsqlDataReader rows)
        {
            while (families.Count < shown && await rows.ReadAsync(cancel))
                if (hits.Show(rows.GetInt32(0)))
                {
                    var family = Read(rows);
                    (NameOrder.IsOnlyInHyphens(family, criteria.Words) ? inHyphens : families).Add(family);
                }
        }

        FoundFamily Read(NpgsqlDataReader row)
        {
            var code = reached.Code(row.GetInt32(1));
            return new(code, reach.Accounts[code].Name, row.GetString(2),
                Array.ConvertAll(row.GetFieldValue<string[]>(3), guardian => new GuardianName(guardian)),
                row.GetFieldValue<string[]>(4), row.GetFieldValue<string[]>(5), row.GetBoolean(6), reached.AsOf(row.GetInt32(1)));
        }
    }

    static NearFamily Near(FoundFamily family, string why) => new(
        family.Account, family.AccountName, family.FamilyId, family.Guardians, family.Emails, family.Phones, family.Active, family.AsOf,
        family.SameAs, why);

    /// <summary>The families found, each counted once however many of its guardians or numbers matched.</summary>
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

        /// <returns>False if the family is already in the list.</returns>
        public bool Show(int family)
        {
            if (shownByFamily.TryGetValue(family, out var shown) && shown)
                return false;
            shownByFamily[family] = true;
            return true;
        }

        public int[] NotShown(int most) => [.. shownByFamily.Where(family => !family.Value).Select(family => family.Key).Take(most)];
    }
}

/// <summary>Serialized by generated code: no reflection on the path of a search.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FoundFamilies))]
sealed partial class SearchJson : JsonSerializerContext;
