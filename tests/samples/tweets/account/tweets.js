window.YTD.tweets.part0 = [
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "871800000000000003"
          ],
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"http://twitter.com\" rel=\"nofollow\">Twitter Web Client</a>",
      "entities": {
        "hashtags": [],
        "user_mentions": []
      },
      "display_text_range": [
        "0",
        "36"
      ],
      "favorite_count": "4",
      "id_str": "871800000000000003",
      "truncated": false,
      "retweet_count": "1",
      "id": "871800000000000003",
      "created_at": "Tue Jun 06 11:04:00 +0000 2017",
      "favorited": false,
      "full_text": "@adaquill It is in the log book. 3/3",
      "lang": "en",
      "in_reply_to_screen_name": "adaquill"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "871800000000000002"
          ],
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"http://twitter.com\" rel=\"nofollow\">Twitter Web Client</a>",
      "entities": {
        "hashtags": [],
        "user_mentions": []
      },
      "display_text_range": [
        "0",
        "59"
      ],
      "favorite_count": "4",
      "id_str": "871800000000000002",
      "truncated": false,
      "retweet_count": "1",
      "id": "871800000000000002",
      "created_at": "Tue Jun 06 11:02:00 +0000 2017",
      "favorited": false,
      "full_text": "Nobody boarded, and the lamp was lit. 2/3 https://t.co/lamp",
      "lang": "en"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "871800000000000001"
          ],
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"http://twitter.com\" rel=\"nofollow\">Twitter Web Client</a>",
      "entities": {
        "hashtags": [],
        "user_mentions": []
      },
      "display_text_range": [
        "0",
        "43"
      ],
      "favorite_count": "4",
      "id_str": "871800000000000001",
      "truncated": false,
      "retweet_count": "1",
      "id": "871800000000000001",
      "created_at": "Tue Jun 06 11:00:00 +0000 2017",
      "favorited": false,
      "full_text": "@adaquill I was at the pier until four. 1/3",
      "lang": "en",
      "in_reply_to_screen_name": "adaquill"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "871700000000000900"
          ],
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"http://twitter.com\" rel=\"nofollow\">Twitter Web Client</a>",
      "entities": {
        "hashtags": [],
        "user_mentions": []
      },
      "display_text_range": [
        "0",
        "49"
      ],
      "favorite_count": "4",
      "id_str": "871700000000000900",
      "truncated": false,
      "retweet_count": "1",
      "id": "871700000000000900",
      "created_at": "Mon Jun 05 07:00:00 +0000 2017",
      "favorited": false,
      "full_text": "RT @adaquill: The council meets at noon, in the …",
      "lang": "en"
    }
  }
]
